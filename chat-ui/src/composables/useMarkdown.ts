import { shallowRef } from 'vue'

const render = shallowRef<((text: string) => string) | null>(null)

/** The reader of Markdown is a quarter of the page's code and is first needed by the first answer: it comes on its own. */
export async function loadMarkdown(): Promise<void> {
  render.value ??= (await import('../format/markdown.ts')).renderMarkdown
}

/** Turns Markdown into safe HTML; null until the reader is there, and for good when it can not be loaded. */
export function useMarkdown() {
  // Without it the answer stays readable, as plain text.
  loadMarkdown().catch(() => undefined)
  return render
}
