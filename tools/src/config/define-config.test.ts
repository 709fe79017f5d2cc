import { describe, expect, it } from 'vitest'
import { AppError } from '../errors/index.ts'
import { defineConfig, envFlag, envInteger, envList, envText, renderConfigTable, renderEnvExample } from './index.ts'

const config = defineConfig({
  port: { env: 'APP_PORT', schema: envInteger(0, 65535).default(3000), description: 'Port to listen on.' },
  hosts: { env: 'APP_HOSTS', schema: envList().default([]), description: 'Hosts to answer to.' },
  verbose: { env: 'APP_VERBOSE', schema: envFlag().default(false), description: 'Log more | less.' },
  url: {
    env: 'APP_URL',
    schema: envText({ pattern: /^postgres(ql)?:\/\//, expects: 'a URL that begins with postgres://' }).optional(),
    description: 'Database.',
    secret: true,
  },
})

function faultOf(env: Record<string, string>): AppError {
  try {
    config.load(env)
  } catch (error) {
    if (error instanceof AppError) return error
    throw error
  }
  throw new Error('the configuration was accepted')
}

describe('defineConfig', () => {
  it('reads typed values and freezes them', () => {
    const values = config.load({
      APP_PORT: ' 8080 ',
      APP_HOSTS: 'a, b,',
      APP_VERBOSE: 'yes',
      APP_URL: 'postgres://h/d',
    })
    expect(values).toEqual({ port: 8080, hosts: ['a', 'b'], verbose: true, url: 'postgres://h/d' })
    expect(Object.isFrozen(values)).toBe(true)
  })

  it('takes an empty variable as one that is not set', () => {
    expect(config.load({ APP_PORT: '', APP_URL: ' ' })).toEqual({
      port: 3000,
      hosts: [],
      verbose: false,
      url: undefined,
    })
  })

  it('names every faulty variable and what it expects, in one error', () => {
    const error = faultOf({ APP_PORT: '99999', APP_VERBOSE: 'maybe' })
    expect(error.code).toBe('CONFIG_INVALID')
    expect(error.message).toBe(
      'APP_PORT `99999` is not valid: it expects a whole number from 0 to 65535. ' +
        'APP_VERBOSE `maybe` is not valid: it expects true or false.',
    )
  })

  it('does not repeat a faulty secret', () => {
    const error = faultOf({ APP_URL: 'mysql://root:hunter2@h' })
    expect(JSON.stringify(error)).not.toContain('hunter2')
    expect(error.message).toContain('a URL that begins with postgres://')
  })

  it('refuses a number that is only nearly one', () => {
    for (const text of ['1e3', '0x10', '12.5', '١٢', '80 80', '-'])
      expect(faultOf({ APP_PORT: text }).code).toBe('CONFIG_INVALID')
  })
})

describe('documents made from the fields', () => {
  it('comments every variable in the example file at its default', () => {
    expect(renderEnvExample(config.fields)).toContain('# Port to listen on.\n# APP_PORT=3000\n')
    expect(renderEnvExample(config.fields)).toContain('# Database. (secret)\n# APP_URL=\n')
  })

  it('makes one table row a variable, with pipes escaped', () => {
    const lines = renderConfigTable(config.fields).split('\n')
    expect(lines).toHaveLength(6)
    expect(lines[4]).toBe('| `APP_VERBOSE` | Log more \\| less. | `false` |')
  })
})
