import { access, chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'

const cacheDir =
  process.getuid?.() === 0
    ? '/var/cache/plumbline'
    : join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'plumbline')

/** A folder of the cache, made once: whole or not at all, also when two processes make it at the same time. */
export async function cachedFolder(name, make) {
  const folder = join(cacheDir, name)
  try {
    await access(folder)
    return folder
  } catch {
    await mkdir(cacheDir, { recursive: true })
  }
  const draft = await mkdtemp(join(cacheDir, '.draft-'))
  try {
    // Another user may have to write into it, or read it later.
    await chmod(draft, 0o755)
    await make(draft)
    await rename(draft, folder).catch((error) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
    return folder
  } finally {
    await rm(draft, { recursive: true, force: true })
  }
}
