import { AppError } from '@plumbline/tools/errors'
import { describe, expect, it } from 'vitest'
import { toStateError, withStateErrors } from './state-error.ts'

const thrown = (code: string, message = 'secret detail') => Object.assign(new Error(message), { code })

describe('errors of the database', () => {
  it('say that the disk is full, whoever noticed it [start.errors]', () => {
    for (const error of [thrown('53100', 'could not extend file'), thrown('ENOSPC', 'write')]) {
      expect(toStateError(error)).toMatchObject({
        code: 'DISK_FULL',
        message: expect.stringContaining('free some space'),
      })
    }
  })

  it('say that the server is away or refuses the login', () => {
    for (const code of ['ECONNREFUSED', '08006', '57P01', '28P01', '3D000']) {
      expect(toStateError(thrown(code))).toMatchObject({ code: 'STATE_UNAVAILABLE' })
    }
  })

  it('keep a mistake of ours and an error of the product as they are', () => {
    const mistake = thrown('42703')
    const own = new AppError('NOT_FOUND', 'No such thread.')
    expect(toStateError(mistake)).toBe(mistake)
    expect(toStateError(own)).toBe(own)
  })

  it('are translated on every method of a store', async () => {
    const store = withStateErrors({ save: async (_id: string) => Promise.reject(thrown('53100')) })
    await expect(store.save('x')).rejects.toMatchObject({ code: 'DISK_FULL' })
  })
})
