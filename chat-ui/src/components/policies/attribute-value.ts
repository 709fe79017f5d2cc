type Value = string | number | (string | number)[]

const one = (text: string): string | number => (/^-?\d{1,15}(\.\d+)?$/.test(text) ? Number(text) : text)

/** An attribute as typed: `EU`, `12`, or a list with commas, `JFK, LGA`. Quotes keep a number a text: `"12"`. */
export function attributeValue(typed: string): Value {
  const part = (text: string) => {
    const quoted = /^"(.*)"$/.exec(text.trim())
    return quoted ? (quoted[1] as string) : one(text.trim())
  }
  return typed.includes(',')
    ? typed
        .split(',')
        .filter((text) => text.trim() !== '')
        .map(part)
    : part(typed)
}
