import type { Thread, ThreadPage } from '@plumbline/tools/contract'
import { type InfiniteData, useInfiniteQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref } from 'vue'
import { api } from '../api/rest.ts'
import { useToast } from './useToast.ts'

type Pages = InfiniteData<ThreadPage, string | null>
const KEY = ['threads'] as const

/** Threads whose delete can still be undone: hidden, not yet deleted. */
const leaving = ref(new Set<string>())

export function useThreads() {
  const client = useQueryClient()
  const { show } = useToast()
  const query = useInfiniteQuery({
    queryKey: KEY,
    queryFn: ({ pageParam }) => api.threads(pageParam),
    initialPageParam: null as string | null,
    getNextPageParam: (page: ThreadPage) => page.next,
  })
  const threads = computed(
    () =>
      query.data.value?.pages.flatMap((page) => page.threads).filter((thread) => !leaving.value.has(thread.id)) ?? [],
  )

  const change = (update: (threads: Thread[]) => Thread[]) =>
    client.setQueryData<Pages>(KEY, (old) =>
      old ? { ...old, pages: old.pages.map((page) => ({ ...page, threads: update(page.threads) })) } : old,
    )
  const failed = (error: unknown) => {
    show({ text: error instanceof Error ? error.message : 'That did not work.' })
    return client.invalidateQueries({ queryKey: KEY })
  }

  async function rename(id: string, title: string) {
    change((list) => list.map((thread) => (thread.id === id ? { ...thread, title } : thread)))
    await api.renameThread(id, title).catch(failed)
  }

  /** Deletes once the toast is gone; until then it can be undone. `onUndo` brings back what the page showed. */
  function remove(id: string, onUndo: () => void, onDeleted: () => void) {
    leaving.value = new Set(leaving.value).add(id)
    const release = () => {
      leaving.value = new Set([...leaving.value].filter((other) => other !== id))
    }
    const undo = () => {
      release()
      onUndo()
    }
    show({ text: 'Thread deleted.', action: { label: 'Undo', run: undo } }, async () => {
      onDeleted()
      await api.deleteThread(id).catch(failed)
      change((list) => list.filter((thread) => thread.id !== id))
      release()
    })
  }

  return { query, threads, rename, remove }
}
