import { ref } from 'vue'

export type Theme = 'light' | 'dark'

const KEY = 'plumbline-theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')

// `public/theme.js` has chosen before the page was painted.
const theme = ref<Theme>(document.documentElement.dataset.theme === 'dark' ? 'dark' : 'light')

function apply(next: Theme): void {
  theme.value = next
  document.documentElement.dataset.theme = next
}

system.addEventListener('change', () => {
  if (localStorage.getItem(KEY) === null) apply(system.matches ? 'dark' : 'light')
})

/** The theme follows the system until the person chooses one. */
export function useTheme() {
  const toggle = () => {
    apply(theme.value === 'dark' ? 'light' : 'dark')
    localStorage.setItem(KEY, theme.value)
  }
  return { theme, toggle }
}
