import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { Answer, Approval, ApprovalPage, UsageReport } from '@plumbline/tools/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type BudgetServer, startBudgetServer } from './budget-server.ts'

const POLICIES = `
version: 1
roles:
  - { name: analyst, groups: [analysts], permissions: [ask] }
  - { name: lead, groups: [leads], permissions: [ask, approve, users.manage] }
  - { name: strict, groups: [strict], permissions: [ask] }
grants:
  - { id: all-flights, roles: [analyst, lead, strict], tables: ['*'] }
rowFilters:
  - { id: only-jfk, roles: [strict], table: flights, filter: "origin = 'JFK'" }
budgets:
  - { id: analysts-scan, roles: [analyst], scanRows: 1000000, over: approve }
  - { id: strict-scan, roles: [strict], scanRows: 1000000 }
`
const BIG = 'SELECT count(*) AS pairs FROM airlines a, airports b, airports c WHERE a.carrier > b.faa'
const ENDLESS = 'SELECT count(*) AS n FROM flights a, flights b WHERE a.dep_delay + b.dep_delay > 60'
const BO = { id: 'bo', name: 'BO', roles: [], attributes: {} }
const SMALL = 'SELECT count(*) AS n FROM flights'

let dataDir: string
let server: BudgetServer
const keys = new Map<string, string>()
const call = (who: string, method: string, path: string, body?: unknown) =>
  server.call(keys.get(who) ?? who, method, path, body)

async function restart() {
  await server.stop()
  server = await startBudgetServer(dataDir)
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'plumbline-approval-'))
  server = await startBudgetServer(dataDir)
  const author = { id: 'local', name: 'You', roles: ['owner'], attributes: {} }
  await server.state.policies.save({ author, surface: 'page', expectedVersion: 0, yaml: POLICIES, comment: '' })
  await person('ana', ['analysts'])
  await person('bo', ['leads'])
  await person('cy', ['leads', 'analysts'])
}, 60_000)
afterAll(async () => {
  await server?.stop()
  await rm(dataDir, { recursive: true, force: true })
})

async function person(id: string, groups: string[]) {
  const { users, apiKeys } = server.state.identity
  await users.save({ id, name: id.toUpperCase(), email: null, groups, attributes: {} })
  const scopes = ['ask', 'read', 'admin'] as const
  const expiresAt = new Date(Date.now() + 3_600_000)
  keys.set(id, (await apiKeys.create({ name: 'test', userId: id, scopes, expiresAt })).secret)
}

async function ask(who: string, question: string, threadId?: string): Promise<Answer> {
  const { body } = await call(who, 'POST', '/api/ask', { question, ...(threadId ? { threadId } : {}) })
  return Answer.parse(body)
}
const post = (who: string, id: string, what: string, body: unknown = {}) =>
  call(who, 'POST', `/api/approvals/${id}/${what}`, body)
const answerOf = async (who: string, id: string) => Answer.parse((await call(who, 'GET', `/api/answers/${id}`)).body)
const becomes = (who: string, answer: Answer, status: Answer['status']) =>
  expect.poll(async () => (await answerOf(who, answer.id)).status, { interval: 30, timeout: 20_000 }).toBe(status)
const offerOf = (answer: Answer) => {
  if (!answer.approval) throw new Error(`no approval is offered: ${answer.text}`)
  return answer.approval
}

describe('a query over the budget of who asks', () => {
  it('waits for somebody else’s approval, then runs once as its asker, and all of it is in the log [budget.approval]', async () => {
    const answer = await ask('ana', BIG)
    expect(answer).toMatchObject({ status: 'approval', rows: [], receipt: null })
    expect(answer.text).toMatch(/^This would read about .* rows; your budget is 1 million rows \(rule analysts-scan\)/)
    const offer = offerOf(answer)
    expect(offer).toMatchObject({ figure: 'scanRows', limit: 1_000_000, rules: ['analysts-scan'] })
    expect(offer.value).toBeGreaterThan(1_000_000)
    // Nothing waits in the server meanwhile: the same person is answered at once.
    expect((await ask('ana', SMALL)).rows).toEqual([[336_776]])

    expect((await post('bo', offer.id, 'approve')).body.error.code).toBe('CONFLICT')
    expect(Approval.parse((await post('ana', offer.id, 'request', { comment: 'for the board' })).body).state).toBe(
      'requested',
    )
    const { approvals } = ApprovalPage.parse((await call('bo', 'GET', '/api/approvals?state=requested')).body)
    expect(approvals[0]).toMatchObject({ id: offer.id, asker: { id: 'ana' }, comment: 'for the board', question: BIG })
    expect((await post('ana', offer.id, 'approve')).status).toBe(403)
    expect(Approval.parse((await post('bo', offer.id, 'approve', { comment: 'once' })).body).state).toBe('approved')

    await becomes('ana', answer, 'answered')
    const result = await answerOf('ana', answer.id)
    expect(result.rows[0]?.[0]).toBeGreaterThan(1_000_000)
    expect(result.threadId).toBe(answer.threadId)
    expect(result.receipt?.steps.find(({ name }) => name === 'approval')?.detail).toBe('approved by BO: once')
    expect(Approval.parse((await call('ana', 'GET', `/api/approvals/${offer.id}`)).body).state).toBe('used')
    expect((await post('bo', offer.id, 'approve')).body.error.code).toBe('CONFLICT')
    expect((await ask('ana', BIG)).status).toBe('approval')

    const { entries } = await server.state.audit.search({})
    const about = entries.filter(({ answerId }) => answerId === answer.id).reverse()
    expect(about.map(({ principal, action, outcome }) => [principal.id, action, outcome])).toEqual([
      ['ana', 'explain', 'ok'],
      ['ana', 'query', 'refused'],
      ['bo', 'approval-granted', 'refused'],
      ['ana', 'approval-requested', 'ok'],
      ['bo', 'approval-granted', 'ok'],
      ['ana', 'explain', 'ok'],
      ['ana', 'query', 'ok'],
      ['bo', 'approval-granted', 'refused'],
    ])
    expect((await server.state.audit.verify()).ok).toBe(true)
  })

  it('is not run when it is declined, and the asker reads why [budget.approval]', async () => {
    const answer = await ask('ana', BIG)
    const { id } = offerOf(answer)
    await post('ana', id, 'request')
    expect((await post('bo', id, 'decline')).status).toBe(400)
    await post('bo', id, 'decline', { comment: 'use the summary table' })
    await becomes('ana', answer, 'refused')
    expect((await answerOf('ana', answer.id)).text).toContain('BO declined this query: use the summary table')
  })

  it('is refused with the number where nobody may lift the budget [budget.refusal]', async () => {
    await person('dee', ['strict'])
    const answer = await ask('dee', BIG)
    expect(answer).toMatchObject({ status: 'refused', approval: null, error: { code: 'BUDGET_EXCEEDED' } })
    expect(answer.text).toContain('(rule strict-scan)')
    expect(answer.error?.data).toMatchObject({ limit: 1_000_000, approvable: false, rule: 'strict-scan' })
  })

  it('is nobody’s to approve who may not, and nobody’s to see [budget.approval]', async () => {
    await person('eve', ['analysts'])
    const { id } = offerOf(await ask('ana', BIG))
    expect((await call('bo', 'GET', `/api/approvals/${id}`)).status).toBe(404)
    await post('ana', id, 'request')
    expect((await call('eve', 'GET', '/api/approvals')).status).toBe(403)
    expect((await call('eve', 'GET', `/api/approvals/${id}`)).status).toBe(404)
    expect((await post('eve', id, 'approve')).status).toBe(403)
    expect((await post('eve', id, 'request')).status).toBe(404)
    // One who may approve, and whose own query it is.
    const own = offerOf(await ask('cy', BIG))
    await post('cy', own.id, 'request')
    expect((await post('cy', own.id, 'approve')).body.error).toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringContaining('your own'),
    })
    const seen = ApprovalPage.parse((await call('cy', 'GET', '/api/approvals?state=requested')).body).approvals
    expect(seen.map((one) => one.id)).toContain(id)
    expect(seen.map((one) => one.id)).not.toContain(own.id)
  })

  it('is not wanted any more once the thread goes on with something narrower', async () => {
    const answer = await ask('ana', BIG)
    const { id } = offerOf(answer)
    await post('ana', id, 'request')
    expect((await ask('ana', SMALL, answer.threadId)).status).toBe('answered')
    expect((await post('bo', id, 'approve')).body.error).toMatchObject({
      code: 'CONFLICT',
      data: { state: 'withdrawn' },
    })
  })

  it('runs with what the asker may see when it is approved, not when they asked [budget.approval]', async () => {
    await person('hal', ['analysts'])
    const answer = await ask('hal', 'SELECT count(*) AS n FROM flights f, airlines a')
    const { id } = offerOf(answer)
    await post('hal', id, 'request')
    const { users } = server.state.identity
    await users.save({ id: 'hal', name: 'HAL', email: null, groups: ['strict', 'analysts'], attributes: {} })
    await post('bo', id, 'approve')
    await becomes('hal', answer, 'answered')
    expect((await answerOf('hal', answer.id)).rows).toEqual([[111_279 * 16]])
  })

  it('does not run for somebody who has been disabled', async () => {
    await person('fay', ['analysts'])
    const answer = await ask('fay', BIG)
    const { id } = offerOf(answer)
    await post('fay', id, 'request')
    await server.state.identity.users.setDisabled('fay', true)
    await post('bo', id, 'approve')
    const { answers } = server.state
    await expect.poll(async () => (await answers.get(answer.id, 'fay')).status, { interval: 30 }).toBe('refused')
  })

  it('survives that the server is killed between the request and the approval, and after it [budget.approval]', async () => {
    await server.stop()
    const script = join(import.meta.dirname, 'budget-server.ts')
    const child = spawn(process.execPath, [script, dataDir, keys.get('ana') ?? '', BIG], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [line] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
    child.kill('SIGKILL')
    await once(child, 'exit')
    const { status, answer } = JSON.parse(line)
    expect(status).toBe(200)

    server = await startBudgetServer(dataDir)
    expect(Approval.parse((await call('ana', 'GET', `/api/approvals/${answer.approval.id}`)).body).state).toBe(
      'requested',
    )
    // Decided, and the process dies before it goes on.
    await server.state.approvals.decide(answer.approval.id, BO, 'approved')
    await restart()
    await becomes('ana', answer, 'answered')
    expect((await answerOf('ana', answer.id)).receipt?.steps.at(-1)?.name).toBe('explain')
  }, 120_000)

  it('is told as cut short when the server stops while it runs, for an approval is good once [budget.approval]', async () => {
    const answer = await ask('ana', ENDLESS)
    const { id } = offerOf(answer)
    await post('ana', id, 'request')
    await post('bo', id, 'approve')
    const stateOf = async () => (await call('ana', 'GET', `/api/approvals/${id}`)).body.state
    await expect.poll(stateOf, { interval: 20, timeout: 20_000 }).toBe('used')
    await restart()
    await becomes('ana', answer, 'failed')
    expect((await answerOf('ana', answer.id)).text).toContain('for approval again')
  }, 60_000)
})

describe('a decision right before the server stops', () => {
  it('is gone on with at the next start, wherever the work was stopped [budget.approval]', async () => {
    for (let i = 0; i < 3; i++) {
      const answer = await ask('ana', BIG)
      const { id } = offerOf(answer)
      await post('ana', id, 'request')
      await post('bo', id, 'approve')
      await restart()
      await expect
        .poll(async () => (await answerOf('ana', answer.id)).status, { interval: 30, timeout: 20_000 })
        .not.toBe('approval')
      const { status, text } = await answerOf('ana', answer.id)
      expect(status === 'answered' || text.includes('for approval again'), text).toBe(true)
    }
  }, 60_000)
})

describe('a decided approval whose work is stopped', () => {
  it('before the query is let through stays to be done [budget.approval]', async () => {
    const answer = await ask('ana', BIG)
    const { id } = offerOf(answer)
    await post('ana', id, 'request')
    await server.state.approvals.decide(id, BO, 'approved')
    const ana = { id: 'ana', name: 'ANA', roles: ['analyst'], attributes: {} }
    for (const delay of [0, 1, 5, 10]) {
      const controller = new AbortController()
      if (delay === 0) controller.abort()
      else setTimeout(() => controller.abort(), delay)
      const made = await server.assistant.deliver(id, ana, controller.signal)
      if (made || (await server.state.approvals.get(id, null)).state === 'used') break
      expect((await answerOf('ana', answer.id)).status).toBe('approval')
    }
    await server.assistant.deliver(id, ana, new AbortController().signal)
    const { status, text } = await answerOf('ana', answer.id)
    expect(status === 'answered' || text.includes('for approval again'), text).toBe(true)
  })
})

describe('what people use', () => {
  it('is counted by day, shown to each, and of everybody only to who manages users [budget.daily]', async () => {
    await person('gil', ['analysts'])
    await ask('gil', SMALL)
    await ask('gil', 'SELECT count(*) AS n FROM airlines')
    const { body } = await call('gil', 'GET', '/api/usage')
    const report = UsageReport.parse(body)
    expect(report.today).toMatchObject({ questions: 2, queries: 2, rowsScanned: 340_000 + 16, inputTokens: 0 })
    expect(report.limits).toEqual({ tokensPerDay: null, usdPerDay: null })
    expect((await call('gil', 'GET', '/api/usage/people')).status).toBe(403)
    const everyone = (await call('bo', 'GET', '/api/usage/people?days=1')).body.people
    expect(everyone).toContainEqual(expect.objectContaining({ principalId: 'gil', questions: 2 }))
  })
})
