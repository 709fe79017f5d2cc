interface Cookie {
  readonly value: string
  readonly path: string
  readonly text: string
}

export interface Page {
  readonly url: string
  readonly status: number
  readonly text: string
}

/** As much of a browser as a sign-in needs: cookies (by host, whatever the port), redirects, forms. */
export class Browser {
  readonly cookies = new Map<string, Cookie>()
  /** Every address that was asked for. */
  readonly visited: string[] = []

  /** One request, without following. */
  async fetch(url: string, options: RequestInit & { headers?: Record<string, string> } = {}): Promise<Response> {
    this.visited.push(url)
    const { pathname } = new URL(url)
    const cookie = [...this.cookies]
      .filter(([, { path }]) => pathname === path || pathname.startsWith(path.endsWith('/') ? path : `${path}/`))
      .map(([name, { value }]) => `${name}=${value}`)
      .join('; ')
    const headers = { ...(cookie === '' ? {} : { cookie }), accept: 'text/html', ...options.headers }
    const response = await fetch(url, { redirect: 'manual', ...options, headers })
    for (const text of response.headers.getSetCookie()) this.#keep(text, pathname)
    return response
  }

  /** Follows redirects, until a page or an address for which `stop` is true, which is not asked for. */
  async open(url: string, stop: (url: string) => boolean = () => false, options: RequestInit = {}): Promise<Page> {
    let next = url
    let response = await this.fetch(next, options as RequestInit & { headers?: Record<string, string> })
    while (response.status >= 300 && response.status < 400) {
      next = new URL(response.headers.get('location') ?? '', next).href
      if (stop(next)) return { url: next, status: response.status, text: '' }
      response = await this.fetch(next)
    }
    return { url: next, status: response.status, text: await response.text() }
  }

  /** Fills in the provider's forms: the login, then the consents. */
  async signInAtProvider(url: string, login: string, stop?: (url: string) => boolean): Promise<Page> {
    let page = await this.open(url, stop)
    for (let form = formOf(page); form; form = formOf(page)) {
      const body = new URLSearchParams({ ...form.fields, ...(form.asksLogin ? { login, password: 'any' } : {}) })
      page = await this.open(new URL(form.action, page.url).href, stop, { method: 'POST', body })
    }
    return page
  }

  #keep(text: string, pathname: string): void {
    const [pair = '', ...attributes] = text.split(/;\s*/)
    const at = pair.indexOf('=')
    const [name, value] = [pair.slice(0, at), pair.slice(at + 1)]
    const attribute = (key: string) =>
      attributes.find((one) => one.toLowerCase().startsWith(`${key}=`))?.slice(key.length + 1)
    const expires = attribute('expires')
    const over = (expires !== undefined && Date.parse(expires) <= Date.now()) || attribute('max-age') === '0'
    const path = attribute('path') ?? pathname.slice(0, pathname.lastIndexOf('/') || 1)
    if (over) this.cookies.delete(name)
    else this.cookies.set(name, { value, path, text })
  }
}

function formOf({ status, text }: Page) {
  const action = status === 200 ? /<form[^>]* action="([^"]+)" method="post"/.exec(text)?.[1] : undefined
  if (action === undefined) return null
  const hidden = [...text.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return {
    action,
    fields: Object.fromEntries(hidden.map(([, name, value]) => [name ?? '', value ?? ''])),
    asksLogin: text.includes('name="password"'),
  }
}
