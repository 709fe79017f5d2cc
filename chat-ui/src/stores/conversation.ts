import type { Vote } from '@plumbline/tools/contract'
import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { queryClient } from '../api/query-client.ts'
import { ApiError, api } from '../api/rest.ts'
import { askSocket } from '../api/socket.ts'
import { afterError, afterEvent, newTurn, storedTurn, type Turn } from './turn.ts'

/** The thread on the page: its turns, and the one that runs. */
export const useConversation = defineStore('conversation', () => {
  const threadId = ref<string | null>(null)
  const turns = shallowRef<readonly Turn[]>([])
  const loading = ref(false)
  const problem = ref<string | null>(null)
  const running = shallowRef<{ key: string; stop: () => void } | null>(null)
  let nextKey = 0
  /** Counts changes of the thread: what comes back for an earlier one is not shown. */
  let visit = 0

  const isRunning = computed(() => running.value !== null)
  const lastQuestion = computed(() => turns.value.at(-1)?.question ?? '')

  function update(key: string, change: (turn: Turn) => Turn) {
    turns.value = turns.value.map((turn) => (turn.key === key ? change(turn) : turn))
  }

  function start() {
    visit++
    running.value?.stop()
    running.value = null
    threadId.value = null
    turns.value = []
    problem.value = null
    loading.value = false
  }

  async function open(id: string) {
    if (id === threadId.value) return
    start()
    threadId.value = id
    loading.value = true
    const mine = visit
    try {
      const thread = await api.thread(id)
      if (mine === visit) turns.value = thread.answers.map(storedTurn)
    } catch (error) {
      if (mine !== visit) return
      const gone = error instanceof ApiError && error.status === 404
      problem.value = gone ? 'This thread is gone. It may have been deleted.' : 'The thread could not be loaded.'
    } finally {
      if (mine === visit) loading.value = false
    }
  }

  function ask(question: string, choice?: { id: string; label: string }) {
    if (running.value) return
    const key = `new-${++nextKey}`
    const mine = visit
    turns.value = [...turns.value, newTurn(key, choice?.label ?? question)]
    const end = () => {
      if (running.value?.key === key) running.value = null
      void queryClient.invalidateQueries({ queryKey: ['threads'] })
    }
    const request = {
      question: choice ? '' : question,
      ...(threadId.value ? { threadId: threadId.value } : {}),
      ...(choice ? { choice: choice.id } : {}),
    }
    const { stop } = askSocket.ask(request, {
      onEvent: (event) => {
        if (mine !== visit) return
        update(key, (turn) => afterEvent(turn, event))
        // A question that was refused for its form makes no thread; the thread is known by its first stored answer.
        if (event.type === 'answer-end') {
          const badInput = event.answer.error !== undefined && event.answer.status === 'refused'
          if (!badInput || threadId.value !== null) threadId.value = event.answer.threadId
          end()
        }
      },
      onError: (code, message) => {
        if (mine !== visit) return
        update(key, (turn) => afterError(turn, threadId.value ?? '', code, message))
        end()
      },
    })
    running.value = { key, stop }
  }

  async function vote(turn: Turn, next: Vote) {
    if (!turn.answer?.id) return
    const before = turn.vote
    const after = before === next ? null : next
    update(turn.key, (old) => ({ ...old, vote: after }))
    await api.vote(turn.answer.id, after).catch(() => update(turn.key, (old) => ({ ...old, vote: before })))
  }

  return {
    threadId,
    turns,
    loading,
    problem,
    isRunning,
    lastQuestion,
    start,
    open,
    ask,
    vote,
    stop: () => running.value?.stop(),
  }
})
