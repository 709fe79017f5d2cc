/** Words that stand for syntax in one of the dialects: an identifier of that name is quoted. */
const RESERVED = new Set(
  `all analyse analyze and any array as asc between both by case cast check collate column constraint create cross current
  date day default desc distinct do else end except exists false fetch filter for foreign from full grant group having hour
  if in index inner intersect interval into is join key lateral leading left like limit minute month natural not null of
  offset on only or order outer over partition pivot position primary quarter range references rename right row rows select
  set some table then time timestamp to trailing true union unique unpivot update user using value values view week when
  where window with year`.split(/\s+/),
)
const PLAIN = /^[a-z_][a-z0-9_]*$/

/** Standard quoting, only where it is needed: the SQL is shown to people. `year` and its like are columns in real life. */
export function quoteIdentifier(name: string, plainToo: ReadonlySet<string> = new Set()): string {
  if (PLAIN.test(name) && (!RESERVED.has(name) || plainToo.has(name))) return name
  return `"${name.replaceAll('\0', '').replaceAll('"', '""')}"`
}
