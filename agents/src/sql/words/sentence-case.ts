/** First letter large, the rest as it is: "number of flights" → "Number of flights". */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
