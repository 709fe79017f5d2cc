const LOOK_ALIKES: Record<string, string> = { '<': '‹', '>': '›', '&': '＆' }

/**
 * A text for ApexCharts, which writes some of them as HTML: the names of series into its own tooltip, for one, also when
 * that is replaced. Angle brackets and the ampersand become look-alikes, so that nothing is a tag or an entity.
 */
export function apexText(text: string): string {
  return text.replace(/[<>&]/g, (character) => LOOK_ALIKES[character] ?? '')
}
