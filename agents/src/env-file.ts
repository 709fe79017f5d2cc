import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseEnv } from 'node:util'
import { AppError } from '@plumbline/tools/errors'
import { checkoutFolder } from './checkout-folder.ts'

/**
 * The environment with what `.env` of the checkout adds (`.env.example` lists the variables). What the environment
 * itself sets wins, an empty value too.
 * @throws CONFIG_INVALID when the file is there and may not be read.
 */
export function withEnvFile(env: Readonly<Record<string, string | undefined>>): Record<string, string | undefined> {
  const checkout = checkoutFolder()
  if (checkout === null) return { ...env }
  try {
    return { ...parseEnv(readFileSync(join(checkout, '.env'), 'utf8')), ...env }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { ...env }
    throw new AppError('CONFIG_INVALID', 'The file .env can not be read: make it a file that you may read.', {
      cause: error,
    })
  }
}
