import { createHash } from 'node:crypto'
import type { Caller } from '@plumbline/mcp-kit'
import type { PolicyDocument, Principal } from '@plumbline/tools/contract'
import { resolveAccess } from '@plumbline/tools/governance'
import { Lru } from '@plumbline/tools/lru'
import { dayLimitsOf } from '../governance/day-limits.ts'
import type { SourceClient, Sources } from '../mcp/index.ts'
import type { DayRules } from '../state/index.ts'
import { type LearnedSource, learnSource, type SourceKnowledge } from './source-knowledge.ts'

const NOBODY = 'changed'
/** Sets of rules whose knowledge is kept; the one unused for longest goes first. */
const MAX_KEPT = 100

/**
 * What is known of the sources, by what one may see of them: two people who see the same share it, and a change of the rules
 * makes it anew.
 */
export class SourceShelf {
  private readonly sources: Sources
  private readonly policies: () => Promise<PolicyDocument | null>
  private readonly kept = new Lru<Promise<LearnedSource | null>>(MAX_KEPT)

  constructor(sources: Sources, policies: () => Promise<PolicyDocument | null>) {
    this.sources = sources
    this.policies = policies
  }

  /** The sources of which the caller sees anything, by name. */
  async for(caller: Caller): Promise<ReadonlyMap<string, SourceKnowledge>> {
    const clients = this.sources.as(caller)
    const learning = this.sources.as({ principal: caller.principal, surface: 'system' })
    const known = await Promise.all(
      [...clients].map(async ([name, client]): Promise<[string, SourceKnowledge][]> => {
        const reader = learning.get(name)
        const learned = reader && (await this.learned(caller.principal, name, reader))
        return learned ? [[name, { ...learned, client }]] : []
      }),
    )
    return new Map(known.flat())
  }

  /** Equal for two people who see the same of every source. */
  async fingerprint(principal: Principal): Promise<string> {
    const parts = await Promise.all(this.sources.names.map((name) => this.fingerprintOf(principal, name)))
    return createHash('sha256').update(parts.join('\n')).digest('base64url').slice(0, 22)
  }

  /**
   * The fingerprint to keep with what was made under `before`: that one, or, when the rules changed meanwhile, one that is nobody's,
   * so that it is computed again for whoever reads it.
   */
  async keptUnder(principal: Principal, before: string): Promise<string> {
    return (await this.fingerprint(principal)) === before ? before : NOBODY
  }

  /** What the person may use of models a day. */
  async dayLimits(principal: Principal): Promise<DayRules> {
    return dayLimitsOf(await this.policies(), principal)
  }

  private async learned(principal: Principal, name: string, reader: SourceClient): Promise<LearnedSource | null> {
    for (;;) {
      const key = await this.learningKey(principal, name)
      const { isPrivate } = resolveAccess(await this.policies(), principal, name)
      const learned = await this.kept.remember(key, () => learnSource(reader, isPrivate))
      if ((await this.learningKey(principal, name)) === key) return learned
      // The rules changed meanwhile: what was learned may be more than this key stands for.
      this.kept.delete(key)
    }
  }

  /** Private columns and budgets change what is learned, and nothing of what is seen. */
  private async learningKey(principal: Principal, source: string): Promise<string> {
    const policies = await this.policies()
    // What is learned reads the source: a budget may end that early.
    const { fingerprint, budget } = resolveAccess(policies, principal, source)
    return JSON.stringify([fingerprint, policies?.private ?? [], budget.scanRows, budget.scanBytes])
  }

  private async fingerprintOf(principal: Principal, source: string): Promise<string> {
    return resolveAccess(await this.policies(), principal, source).fingerprint
  }
}
