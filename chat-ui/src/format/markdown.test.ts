// @vitest-environment happy-dom
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { renderMarkdown } from './markdown.ts'

const ALLOWED = /^(p|strong|em|code|pre|ul|ol|li|br|blockquote|h[1-6]|hr)$/i

/** What a browser would make of it. */
function parsed(text: string): HTMLElement {
  const box = document.createElement('div')
  box.innerHTML = renderMarkdown(text)
  return box
}

describe('renderMarkdown', () => {
  it('makes the emphasis, lists and code of an answer', () => {
    const box = parsed('**12.6 min** in `flights`\n\n- one\n- two')
    expect(box.querySelector('strong')?.textContent).toBe('12.6 min')
    expect(box.querySelector('code')?.textContent).toBe('flights')
    expect([...box.querySelectorAll('li')].map((li) => li.textContent)).toEqual(['one', 'two'])
  })

  it('shows markup of the data or of a model as text [safety.escape]', () => {
    const evil = '<img src=x onerror=alert(1)> <script>alert(1)</script>'
    expect(parsed(evil).textContent?.trim()).toBe(evil)
    expect(parsed(evil).querySelector('img, script')).toBeNull()
  })

  it('keeps the words of a link and drops where it leads', () => {
    const box = parsed('See [the *list*](http://example.com) <http://example.org> ![pixel](http://example.net/x.png)')
    expect(box.querySelector('a, img')).toBeNull()
    expect(box.textContent?.trim()).toBe('See the list http://example.org !pixel')
  })

  it('never makes another tag than its own, nor any attribute, whatever it is given [safety.escape]', () => {
    const scrap = fc.constantFrom(
      '<script>',
      '</script>',
      '<img src=x onerror=alert(1)>',
      '<svg onload=alert(1)>',
      '[a](javascript:alert(1))',
      '![a](data:text/html,x)',
      '<a href="javascript:x">',
      '<style>@import"x"</style>',
      '<iframe srcdoc=x>',
      '&lt;script&gt;',
      '&#60;img src=x&#62;',
      '**',
      '`',
      '```\n',
      '\n\n',
      '> ',
      '- ',
      '# ',
      '| a | b |\n|---|---|\n| c | d |\n',
      '<math><mtext><style>',
      '<http://x>',
      '~~x~~',
      '[r]: javascript:x\n\n[r]',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(scrap, fc.string()), { maxLength: 12 }), (parts) => {
        for (const element of parsed(parts.join('')).querySelectorAll('*')) {
          expect(element.tagName).toMatch(ALLOWED)
          expect(element.attributes).toHaveLength(0)
        }
      }),
    )
  })
})
