import { ref } from 'vue'

export type Theme = 'light' | 'dark'

const KEY = 'plumbline-theme'
const system = window.matchMedia('(prefers-color-scheme: dark)')

function remembered(): Theme | null {
  const value = localStorage.getItem(KEY)
  return value === 'light' || value === 'dark' ? value : null
}

const theme = ref<Theme>(remembered() ?? (system.matches ? 'dark' : 'light'))

export function applyTheme(): void {
  document.documentElement.dataset.theme = theme.value
}

system.addEventListener('change', () => {
  if (remembered() !== null) return
  theme.value = system.matches ? 'dark' : 'light'
  applyTheme()
})

/** The theme follows the system until the person chooses one. */
export function useTheme() {
  const toggle = () => {
    theme.value = theme.value === 'dark' ? 'light' : 'dark'
    localStorage.setItem(KEY, theme.value)
    applyTheme()
  }
  return { theme, toggle }
}
