import DOMPurify from 'dompurify'
import MarkdownIt from 'markdown-it'

const markdown = new MarkdownIt({ html: false, linkify: false, breaks: true }).disable(['image'])

/** CommonMark as safe HTML. Raw HTML is text, and what is made is purified once more: a model wrote some of it. */
export function renderMarkdown(text: string): string {
  return DOMPurify.sanitize(markdown.render(text), {
    ALLOWED_TAGS: ['p', 'strong', 'em', 'code', 'pre', 'ul', 'ol', 'li', 'br', 'blockquote', 'h1', 'h2', 'h3', 'hr'],
    ALLOWED_ATTR: [],
  })
}
