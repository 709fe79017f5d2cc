import { AppError } from '@plumbline/tools/errors'
import type { Usage } from './port.ts'
import { totalTokens } from './usage.ts'

export interface BudgetLimits {
  /** Tokens of all calls together, read and written, cached or not. */
  readonly maxTokens: number
  readonly maxUsd: number
}

/** What a call may use at most. */
export interface Need {
  readonly tokens: number
  readonly usd: number
}

/** A held share of a budget; `settle` gives back what was not used. It never rejects: what was used is used. */
export interface Reservation {
  settle(usage: Usage, costUsd: number): Promise<void>
}

/** What a person may still use today, whatever questions and processes use it at the same time. */
export interface DayBudget {
  /** Holds what a call may use, or throws BUDGET_EXCEEDED with the numbers and when the day ends. */
  reserve(need: Need): Promise<Reservation>
}

/**
 * Tokens and money for one question, within those of the day. A call first reserves the most it may use, so that calls that run
 * at the same time can not pass the limit together, and so that a call that might pass it is not sent.
 */
export class Budget {
  readonly limits: BudgetLimits
  readonly day: DayBudget | null
  #tokens = 0
  #usd = 0
  #heldTokens = 0
  #heldUsd = 0

  constructor(limits: BudgetLimits, day: DayBudget | null = null) {
    this.limits = limits
    this.day = day
  }

  /** Used so far by calls that have ended. */
  get spent(): Need {
    return { tokens: this.#tokens, usd: this.#usd }
  }

  /** Counts what a call used. Never throws: it is spent already. */
  charge(usage: Usage, costUsd: number): void {
    this.#tokens += totalTokens(usage)
    this.#usd += costUsd
  }

  /** Holds what a call may use, or throws BUDGET_EXCEEDED with the numbers. */
  async reserve(need: Need): Promise<Reservation> {
    const mine = this.#hold(need)
    try {
      const ofDay = await this.day?.reserve(need)
      return {
        settle: async (usage, costUsd) => {
          mine.settle(usage, costUsd)
          await ofDay?.settle(usage, costUsd)
        },
      }
    } catch (error) {
      mine.giveBack()
      throw error
    }
  }

  #hold(need: Need) {
    const { maxTokens, maxUsd } = this.limits
    const tokens = this.#tokens + this.#heldTokens
    const usd = this.#usd + this.#heldUsd
    if (tokens + need.tokens > maxTokens) {
      throw new AppError(
        'BUDGET_EXCEEDED',
        `This step may use up to ${whole(need.tokens)} tokens, but only ${whole(Math.max(0, maxTokens - tokens))} of the ${whole(maxTokens)} for one question are left. Ask something narrower, or raise PLUMBLINE_BUDGET_TOKENS.`,
        { data: { unit: 'tokens', limit: maxTokens, used: tokens, needed: need.tokens } },
      )
    }
    if (usd + need.usd > maxUsd) {
      throw new AppError(
        'BUDGET_EXCEEDED',
        `This step may cost up to $${money(need.usd)}, but only $${money(Math.max(0, maxUsd - usd))} of the $${money(maxUsd)} for one question is left. Ask something narrower, or raise PLUMBLINE_BUDGET_USD.`,
        { data: { unit: 'usd', limit: maxUsd, used: usd, needed: need.usd } },
      )
    }
    this.#heldTokens += need.tokens
    this.#heldUsd += need.usd
    let open = true
    const giveBack = () => {
      if (!open) return false
      open = false
      this.#heldTokens -= need.tokens
      this.#heldUsd -= need.usd
      return true
    }
    return {
      giveBack,
      settle: (usage: Usage, costUsd: number) => {
        if (giveBack()) this.charge(usage, costUsd)
      },
    }
  }
}

const whole = (value: number) => Math.round(value).toLocaleString('en-US')
const money = (value: number) => value.toFixed(value < 0.1 ? 4 : 2)
