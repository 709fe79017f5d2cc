import { gzipSync } from 'node:zlib'
import type { Plugin } from 'vite'

/** Writes each script and style sheet packed beside itself: the gateway sends that to every browser that reads it. */
export function gzipAssets(): Plugin {
  return {
    name: 'plumbline:gzip-assets',
    apply: 'build',
    generateBundle: {
      order: 'post',
      handler(_options, bundle) {
        for (const [fileName, file] of Object.entries(bundle)) {
          if (!/\.(js|css)$/.test(fileName)) continue
          const source = file.type === 'chunk' ? file.code : file.source
          this.emitFile({ type: 'asset', fileName: `${fileName}.gz`, source: gzipSync(source, { level: 9 }) })
        }
      },
    },
  }
}
