import { describe, expect, it } from 'vitest'
import { AppError, toAppError } from './index.ts'

describe('AppError', () => {
  it('survives a JSON wire with its code and data', () => {
    const sent = new AppError('TABLE_UNKNOWN', 'Table `flight` is unknown; did you mean `flights`?', {
      data: { part: 'flight' },
    })
    const received = toAppError(JSON.parse(JSON.stringify(sent)))
    expect(received).toBeInstanceOf(AppError)
    expect(received.toJSON()).toEqual(sent.toJSON())
    expect(received.info.http).toBe(422)
  })

  it('keeps the text of a foreign error out of the message', () => {
    const error = toAppError(new Error('password=hunter2'))
    expect(error.code).toBe('INTERNAL')
    expect(JSON.stringify(error)).not.toContain('hunter2')
  })

  it('does not take a made-up code from a wire', () => {
    expect(toAppError({ code: 'constructor', message: 'x' }).code).toBe('INTERNAL')
  })
})
