// Runs before the first paint, so that a dark page does not begin white. `useTheme` reads what it chose.
const kept = localStorage.getItem('plumbline-theme')
const wanted = window.matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light'
document.documentElement.dataset.theme = kept === 'light' || kept === 'dark' ? kept : wanted
