import { randomUUID } from 'node:crypto'
import type { UsageDay, UsageOfPeople } from '@plumbline/tools/contract'
import { type Kysely, type Selectable, sql } from 'kysely'
import type { UsageTable } from './budget-tables.ts'
import type { Database } from './database.ts'

/** Tokens and US dollars. */
export interface Amount {
  readonly tokens: number
  readonly usd: number
}

/** Null: not limited. */
export interface DayLimits {
  readonly tokensPerDay: number | null
  readonly usdPerDay: number | null
}

/** Limits with the ids of the rules they come from. */
export interface DayRules extends DayLimits {
  readonly rules: readonly string[]
}

export interface Spent {
  readonly inputTokens: number
  readonly outputTokens: number
  readonly usd: number
}

/** A day (UTC) as far as it is used, with what model calls that run hold of it. */
export interface DayUse extends UsageDay {
  readonly held: Amount
}

export type Reserved = { readonly ok: true; readonly id: string; readonly day: string } | { ok: false; use: DayUse }

export interface UsageStore {
  /**
   * Holds what a call may use at most, when it fits into what is left of the day; calls at the same time can not pass the limit
   * together. What is not settled within `ttlMs` is given back: who held it has died.
   */
  reserve(principalId: string, need: Amount, limits: DayLimits, ttlMs: number): Promise<Reserved>
  /** Replaces a reservation by what was used, on the day it was made for. */
  settle(reservation: { id: string; day: string; principalId: string }, spent: Spent): Promise<void>
  /** Counts what was used without a reservation: where nothing is limited. */
  charge(principalId: string, spent: Spent): Promise<void>
  count(principalId: string, work: { questions?: number; queries?: number; rowsScanned?: number }): Promise<void>
  today(principalId: string): Promise<DayUse>
  /** The last `days` days with any use, newest first. */
  days(principalId: string, days: number): Promise<UsageDay[]>
  /** Everybody over the last `days` days, most expensive first. */
  people(days: number): Promise<UsageOfPeople>
}

/** Sums of doubles: a limit of 1 dollar takes ten calls of 10 cents. */
const ROUNDING = 1e-9
const DAY_MS = 86_400_000
export const utcDay = (at: Date) => at.toISOString().slice(0, 10)

/** `clock` is the time of day, for tests. */
export function usageStore(db: Kysely<Database>, clock = () => new Date()): UsageStore {
  const tryReserve = async (principalId: string, day: string, need: Amount, limits: DayLimits, expires: Date) => {
    const id = randomUUID()
    const { tokensPerDay, usdPerDay } = limits
    // The condition of the update is looked at again once the row is locked, so no two calls can both take what is left.
    const { rows } = await sql<{ id: string }>`
      with held as (
        insert into usage as u (principal_id, day, held_tokens, held_usd)
        select ${principalId}, ${day}, ${need.tokens}::bigint, ${need.usd}::double precision
        where (${tokensPerDay}::bigint is null or ${need.tokens}::bigint <= ${tokensPerDay}::bigint)
          and (${usdPerDay}::double precision is null
            or ${need.usd}::double precision <= ${usdPerDay}::double precision + ${ROUNDING})
        on conflict (principal_id, day) do update set
          held_tokens = u.held_tokens + excluded.held_tokens, held_usd = u.held_usd + excluded.held_usd
        where (${tokensPerDay}::bigint is null
            or u.input_tokens + u.output_tokens + u.held_tokens + excluded.held_tokens <= ${tokensPerDay}::bigint)
          and (${usdPerDay}::double precision is null
            or u.usd + u.held_usd + excluded.held_usd <= ${usdPerDay}::double precision + ${ROUNDING})
        returning u.principal_id, u.day
      )
      insert into usage_reservations (id, principal_id, day, tokens, usd, expires_at)
      select ${id}, held.principal_id, held.day, ${need.tokens}::bigint, ${need.usd}::double precision, ${expires}::timestamptz
      from held
      returning id`.execute(db)
    return rows.length > 0 ? id : null
  }

  const releaseExpired = async (principalId: string, day: string) => {
    await sql`
      with gone as (
        delete from usage_reservations
        where principal_id = ${principalId} and day = ${day} and expires_at <= ${clock()}::timestamptz
        returning tokens, usd
      ), total as (select sum(tokens) as tokens, sum(usd) as usd, count(*) as n from gone)
      update usage set
        held_tokens = greatest(0, held_tokens - total.tokens), held_usd = greatest(0, held_usd - total.usd)
      from total
      where total.n > 0 and principal_id = ${principalId} and day = ${day}`.execute(db)
  }

  const add = async (principalId: string, day: string, columns: Partial<Record<Counter, number>>) => {
    const named = Object.entries(columns).filter(([, value]) => value !== 0)
    if (named.length === 0) return
    const names = named.map(([name]) => sql.ref(name))
    await sql`
      insert into usage as u (principal_id, day, ${sql.join(names)})
      values (${principalId}, ${day}, ${sql.join(named.map(([, value]) => value))})
      on conflict (principal_id, day) do update set
        ${sql.join(named.map(([name]) => sql`${sql.ref(name)} = ${sql.ref(`u.${name}`)} + ${sql.ref(`excluded.${name}`)}`))}
    `.execute(db)
  }

  const today = async (principalId: string): Promise<DayUse> => {
    const day = utcDay(clock())
    await releaseExpired(principalId, day)
    const row = await db
      .selectFrom('usage')
      .selectAll()
      .where('principal_id', '=', principalId)
      .where('day', '=', day)
      .executeTakeFirst()
    return row
      ? { ...toDay(row), held: { tokens: Number(row.held_tokens), usd: row.held_usd } }
      : { ...NOTHING, day, held: { tokens: 0, usd: 0 } }
  }

  const since = (days: number) => utcDay(new Date(clock().getTime() - (days - 1) * DAY_MS))

  return {
    async reserve(principalId, need, limits, ttlMs) {
      const day = utcDay(clock())
      const expires = new Date(clock().getTime() + ttlMs)
      const attempt = () => tryReserve(principalId, day, need, limits, expires)
      let id = await attempt()
      if (id === null) {
        await releaseExpired(principalId, day)
        id = await attempt()
      }
      return id === null ? { ok: false, use: await today(principalId) } : { ok: true, id, day }
    },

    async settle({ id, day, principalId }, spent) {
      const { rows } = await sql`
        with gone as (delete from usage_reservations where id = ${id} returning principal_id, day, tokens, usd)
        update usage as u set
          held_tokens = greatest(0, u.held_tokens - gone.tokens), held_usd = greatest(0, u.held_usd - gone.usd),
          input_tokens = u.input_tokens + ${spent.inputTokens}::bigint,
          output_tokens = u.output_tokens + ${spent.outputTokens}::bigint,
          usd = u.usd + ${spent.usd}::double precision
        from gone where u.principal_id = gone.principal_id and u.day = gone.day
        returning u.day`.execute(db)
      // It had expired: what was used counts all the same.
      if (rows.length === 0) await add(principalId, day, columnsOf(spent))
    },

    charge: (principalId, spent) => add(principalId, utcDay(clock()), columnsOf(spent)),

    count: (principalId, { questions = 0, queries = 0, rowsScanned = 0 }) =>
      add(principalId, utcDay(clock()), { questions, queries, rows_scanned: rowsScanned }),

    today,

    async days(principalId, days) {
      const rows = await db
        .selectFrom('usage')
        .selectAll()
        .where('principal_id', '=', principalId)
        .where('day', '>=', since(days))
        .orderBy('day', 'desc')
        .execute()
      return rows.map(toDay)
    },

    async people(days) {
      const from = since(days)
      const { rows } = await sql<Omit<Selectable<UsageTable>, 'day'>>`
        select principal_id, sum(input_tokens) as input_tokens, sum(output_tokens) as output_tokens, sum(usd) as usd,
          sum(questions) as questions, sum(queries) as queries, sum(rows_scanned) as rows_scanned
        from usage where day >= ${from} group by principal_id
        order by sum(usd) desc, sum(input_tokens) + sum(output_tokens) desc, principal_id limit 1000`.execute(db)
      const people = rows.map((row) => {
        const { day: _, ...figures } = toDay({ ...row, day: '' })
        return { principalId: row.principal_id, ...figures }
      })
      return { from, to: utcDay(clock()), people }
    },
  }
}

type Counter = 'input_tokens' | 'output_tokens' | 'usd' | 'questions' | 'queries' | 'rows_scanned'

const columnsOf = ({ inputTokens, outputTokens, usd }: Spent) => ({
  input_tokens: inputTokens,
  output_tokens: outputTokens,
  usd,
})

const NOTHING = { inputTokens: 0, outputTokens: 0, usd: 0, questions: 0, queries: 0, rowsScanned: 0 }

function toDay(row: Omit<Selectable<UsageTable>, 'held_tokens' | 'held_usd'>): UsageDay {
  return {
    day: row.day,
    inputTokens: Number(row.input_tokens),
    outputTokens: Number(row.output_tokens),
    usd: row.usd,
    questions: Number(row.questions),
    queries: Number(row.queries),
    rowsScanned: row.rows_scanned,
  }
}
