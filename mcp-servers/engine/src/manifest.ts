import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '@plumbline/tools/errors'
import { z } from 'zod'

/** What stands beside the Parquet files: where they come from and how to tell that they are whole. */
export const Manifest = z.object({
  source: z.string(),
  licence: z.string(),
  builtAt: z.string(),
  tables: z.array(z.object({ name: z.string(), rows: z.number().int(), bytes: z.number().int(), sha256: z.string() })),
})
export type Manifest = z.infer<typeof Manifest>

/** The manifest of a data folder, or null when it has none. */
export async function readManifest(folder: string): Promise<Manifest | null> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => null)
  if (text === null) return null
  try {
    return Manifest.parse(JSON.parse(text))
  } catch (cause) {
    const hint = 'Make the data again, or take the file out of the folder.'
    throw new AppError('FILE_INVALID', `\`manifest.json\` beside the data can not be read. ${hint}`, { cause })
  }
}

/** When the data was made: the manifest's moment, else the newest file's. */
export async function loadedAt(folder: string, files: readonly string[]): Promise<string | undefined> {
  const manifest = await readManifest(folder)
  if (manifest) return manifest.builtAt
  const times = await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))
  return times.length === 0 ? undefined : new Date(Math.max(...times)).toISOString()
}
