/** First letter large, the rest as it is: "number of flights" → "Number of flights". */
export function sentenceCase(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** A label inside a sentence: "Wind speed" → "wind speed", while "JFK" and "ID of" stay. */
export function within(label: string): string {
  return /^\p{Lu}\p{Ll}/u.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label
}
