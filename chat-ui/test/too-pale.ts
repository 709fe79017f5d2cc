import type { Page } from 'playwright-core'

/** Texts whose contrast with what lies behind them is under 4.5 (WCAG 2.2, 1.4.3); disabled controls are exempt. */
export function tooPale(where: Page): Promise<string[]> {
  return where.evaluate(() => {
    const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true })
    const rgba = (colour: string): number[] => {
      if (!canvas) return []
      canvas.clearRect(0, 0, 1, 1)
      canvas.fillStyle = colour
      canvas.fillRect(0, 0, 1, 1)
      return [...canvas.getImageData(0, 0, 1, 1).data]
    }
    const light = ([r = 0, g = 0, b = 0]: number[]) => {
      const [x = 0, y = 0, z = 0] = [r, g, b].map((v) =>
        v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4,
      )
      return 0.2126 * x + 0.7152 * y + 0.0722 * z
    }
    const behind = (element: Element | null): number[] => {
      for (let at = element; at; at = at.parentElement) {
        const colour = rgba(getComputedStyle(at).backgroundColor)
        if (colour[3] === 255) return colour
      }
      return [255, 255, 255]
    }
    const pale: string[] = []
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim())
      if (!own || !element.checkVisibility({ opacityProperty: true }) || element.closest('.sr-only, :disabled'))
        continue
      const style = getComputedStyle(element)
      const colour = element instanceof SVGElement ? style.fill : style.color
      const [a, b] = [light(rgba(colour)), light(behind(element))]
      const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05)
      if (ratio < 4.5) pale.push(`${element.textContent?.trim().slice(0, 40)} ${ratio.toFixed(2)}`)
    }
    return pale
  })
}
