/**
 * A text for ApexCharts, which writes some of them as HTML: the names of series into its own tooltip, for one, also when
 * that is replaced. Angle brackets become look-alikes, so that nothing is a tag. An ampersand stays, for "AT&T" is a name
 * and an entity that is decoded is still only text.
 */
export function apexText(text: string): string {
  return text.replaceAll('<', '‹').replaceAll('>', '›')
}
