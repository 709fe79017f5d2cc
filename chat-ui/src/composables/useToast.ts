import { ref } from 'vue'

export interface Toast {
  readonly text: string
  readonly action?: { readonly label: string; readonly run: () => void }
}

const SHOWN_MS = 6_000
const toast = ref<Toast | null>(null)
let timer: ReturnType<typeof setTimeout> | undefined
let whenGone: (() => void) | undefined

function hide(): void {
  clearTimeout(timer)
  toast.value = null
  const gone = whenGone
  whenGone = undefined
  gone?.()
}

// What waits for its toast (a delete) is done when the page is left, not lost.
window.addEventListener('pagehide', hide)

/** One message at a time at the foot of the page. `onGone` runs when it leaves without its action having been used. */
export function useToast() {
  return {
    toast,
    hide,
    show(next: Toast, onGone?: () => void) {
      hide()
      whenGone = onGone
      toast.value = next
      timer = setTimeout(hide, SHOWN_MS)
    },
    act() {
      const action = toast.value?.action
      whenGone = undefined
      hide()
      action?.run()
    },
  }
}
