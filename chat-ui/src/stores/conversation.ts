import type { AskEvent, Vote } from '@plumbline/tools/contract'
import { defineStore } from 'pinia'
import { computed, ref, shallowReactive, watch } from 'vue'
import { queryClient } from '../api/query-client.ts'
import { api } from '../api/rest.ts'
import { ApiError } from '../api/send.ts'
import { askSocket } from '../api/socket.ts'
import { useToast } from '../composables/useToast.ts'
import { afterError, afterEvent, mergeTurns, newTurn, storedTurn, type Turn } from './turn.ts'

interface Run {
  readonly key: string
  readonly stop: () => void
  /** Known from the first event on. */
  threadId: string | null
}

/** A conversation without a thread yet is kept under such a name; threads are kept under their id. */
const DRAFT = 'draft:'

/** The threads that were opened since the page was, and the questions that run in them, also in those not on the page. */
export const useConversation = defineStore('conversation', () => {
  const lists = shallowReactive(new Map<string, readonly Turn[]>())
  const runs = shallowReactive(new Map<string, Run>())
  const current = ref(`${DRAFT}0`)
  const loading = ref(false)
  const problem = ref<string | null>(null)
  /** A question that is put into the box to be changed. */
  const draft = ref('')
  let nextKey = 0
  const { show } = useToast()

  const threadId = computed(() => (current.value.startsWith(DRAFT) ? null : current.value))
  const turns = computed(() => lists.get(current.value) ?? [])
  const isRunning = computed(() => runs.has(current.value))
  const runningThreads = computed(() => new Set([...runs.values()].map((run) => run.threadId)))
  const lastQuestion = computed(() => turns.value.at(-1)?.question ?? '')

  function update(place: string, key: string, change: (turn: Turn) => Turn) {
    lists.set(
      place,
      (lists.get(place) ?? []).map((turn) => (turn.key === key ? change(turn) : turn)),
    )
  }

  /** The conversation that holds a turn: a draft takes the name of its thread while the question runs. */
  const placeOf = (key: string) =>
    [...lists].find(([, list]) => list.some((turn) => turn.key === key))?.[0] ?? current.value

  function rename(from: string, to: string) {
    if (from === to) return
    lists.set(to, lists.get(from) ?? [])
    lists.delete(from)
    const run = runs.get(from)
    if (run) runs.set(to, run)
    runs.delete(from)
    if (current.value === from) current.value = to
  }

  function start() {
    current.value = `${DRAFT}${++nextKey}`
    problem.value = null
    loading.value = false
  }

  async function open(id: string) {
    if (id === current.value) return
    const draft = [...runs].find(([place, run]) => place.startsWith(DRAFT) && run.threadId === id)
    if (draft) rename(draft[0], id)
    current.value = id
    problem.value = null
    loading.value = !lists.has(id)
    try {
      await refresh(id)
    } catch (error) {
      if (current.value !== id || lists.has(id)) return
      const gone = error instanceof ApiError && error.status === 404
      problem.value = gone ? 'This thread is gone. It may have been deleted.' : 'The thread could not be loaded.'
    } finally {
      if (current.value === id) loading.value = false
    }
  }

  /** Reads a thread again. `place` is where its turns are, when they are not under its id yet. */
  async function refresh(id: string, place = id) {
    const { answers } = await api.thread(id)
    rename(place, id)
    lists.set(id, mergeTurns(answers.map(storedTurn), lists.get(id) ?? []))
  }

  function ask(question: string, choice?: { id: string; label: string }) {
    if (isRunning.value) return
    const key = `new-${++nextKey}`
    const place = current.value
    lists.set(place, [...turns.value, newTurn(key, choice?.label ?? question)])
    const request = {
      question: choice ? '' : question,
      ...(threadId.value ? { threadId: threadId.value } : {}),
      ...(choice ? { choice: choice.id } : {}),
    }
    const { stop } = askSocket.ask(request, {
      onEvent: (event) => take(key, event),
      onError: (code, message) => {
        const at = placeOf(key)
        update(at, key, (turn) => afterError(turn, code, message))
        end(at)
      },
    })
    runs.set(place, { key, stop, threadId: threadId.value })
  }

  function take(key: string, event: AskEvent) {
    const place = placeOf(key)
    update(place, key, (turn) => afterEvent(turn, event))
    if (event.type === 'ask-start') {
      const run = runs.get(place)
      if (run) runs.set(place, { ...run, threadId: event.threadId })
      if (place.startsWith(DRAFT)) refreshList()
    }
    if (event.type === 'answer-end') {
      const { answer } = event
      end(place)
      // A question that was refused for its form makes no thread.
      const madeNone = place.startsWith(DRAFT) && answer.error !== undefined && answer.status === 'refused'
      if (!madeNone) rename(place, answer.threadId)
    }
  }

  function end(place: string) {
    runs.delete(place)
    refreshList()
  }

  const refreshList = () => void queryClient.invalidateQueries({ queryKey: ['threads'] })

  // An answer may have been stored while the connection was away: the thread is read again.
  watch(askSocket.lost, (lost) => {
    if (lost) return
    for (const [place, list] of [...lists]) {
      const turn = list.findLast((one) => one.answer?.error?.code === 'CONNECTION_LOST' && one.asked)
      // Without a stored answer the turn stays as it is, with its button to try again.
      if (turn?.asked) refresh(turn.asked.threadId, place).catch(() => undefined)
    }
  })

  async function vote(turn: Turn, next: Vote) {
    if (!turn.answer?.id) return
    const before = turn.vote
    const after = before === next ? null : next
    const place = current.value
    update(place, turn.key, (old) => ({ ...old, vote: after }))
    await api.vote(turn.answer.id, after).catch(() => {
      update(place, turn.key, (old) => ({ ...old, vote: before }))
      show({ text: 'Your vote could not be saved.' })
    })
  }

  /** Forgets a deleted thread; a question that runs in it is stopped. */
  function forget(id: string) {
    runs.get(id)?.stop()
    lists.delete(id)
  }

  return {
    /** Changes with each conversation that is shown, also from one without a thread to another. */
    place: current,
    threadId,
    turns,
    loading,
    problem,
    isRunning,
    runningThreads,
    lastQuestion,
    draft,
    start,
    open,
    ask,
    vote,
    forget,
    /** Reads a thread again: an answer of it became another. What fails is tried again when it is opened. */
    reload: (id: string) => void refresh(id).catch(() => undefined),
    stop: () => runs.get(current.value)?.stop(),
  }
})
