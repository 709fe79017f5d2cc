import { createHash } from 'node:crypto'

const STYLE = `
:root { color-scheme: light dark; }
body { font: 1rem/1.6 system-ui, sans-serif; max-width: 34rem; margin: 18vh auto; padding: 0 1.5rem; }
h1 { font-size: 1.4rem; }
code { padding: .1em .35em; border-radius: .3em; background: color-mix(in srgb, currentColor 12%, transparent); }
input, button { font: inherit; padding: .45rem .7rem; border-radius: .4rem; border: 1px solid; background: transparent; color: inherit; }
form { display: flex; gap: .5rem; flex-wrap: wrap; }
input { flex: 1 1 14rem; }
`

/** By which the content-security policy knows the style of these pages. */
export const STYLE_HASH = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`

/** A small page without script, for the moments when the real one can not be shown. */
export function htmlPage(title: string, paragraphs: readonly string[], extra = ''): string {
  const body = paragraphs.map((text) => `<p>${withCode(escapeHtml(text))}</p>`).join('\n')
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Plumbline</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>${escapeHtml(title)}</h1>
${body}
${extra}
</main>
</body>
</html>
`
}

const escapeHtml = (text: string) => text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`)

const withCode = (html: string) => html.replace(/`([^`]+)`/g, '<code>$1</code>')
