import { AppError } from '@plumbline/tools/errors'

/** Any origin will do: what resolves to another one leaves the site. */
const HERE = 'http://here.invalid'

/**
 * Where the page goes on after the sign-in: a path of this site's page, and nothing else. Browsers read `//evil.example`,
 * `/\evil.example` and tabs inside as another site.
 * @throws INPUT_INVALID
 */
export function returnPath(text: string | undefined): string {
  if (text === undefined || text === '') return '/'
  const url = /^\/(?![/\\])[\x21-\x7e]{0,2000}$/.test(text) && !text.includes('\\') ? URL.parse(text, HERE) : null
  if (url?.origin !== HERE || /^\/(api|mcp|\.well-known)(\/|$)/i.test(url.pathname)) {
    throw new AppError('INPUT_INVALID', '`return` must be a path of this page, such as `/threads/1`.')
  }
  return `${url.pathname}${url.search}${url.hash}`
}
