import DOMPurify from 'dompurify'
import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt('commonmark', { html: false, breaks: true }).disable(['image'])
// An address in an answer can come from the data or from a model: the words stay, the link goes.
markdown.renderer.rules.link_open = () => ''
markdown.renderer.rules.link_close = () => ''

/** CommonMark as safe HTML. Raw HTML is text, and what is made is purified once more: a model wrote some of it. */
export function renderMarkdown(text: string): string {
  return DOMPurify.sanitize(markdown.render(text), {
    ALLOWED_TAGS: [
      'p',
      'strong',
      'em',
      'code',
      'pre',
      'ul',
      'ol',
      'li',
      'br',
      'blockquote',
      'h1',
      'h2',
      'h3',
      'h4',
      'h5',
      'h6',
      'hr',
    ],
    ALLOWED_ATTR: [],
  })
}
