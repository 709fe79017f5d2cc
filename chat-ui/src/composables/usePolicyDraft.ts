import type { PolicyDocument, PolicyText } from '@plumbline/tools/contract'
import { useQuery, useQueryClient } from '@tanstack/vue-query'
import { computed, ref, shallowRef, watch } from 'vue'
import { policiesApi } from '../api/policies.ts'
import { ApiError } from '../api/send.ts'
import { useDebounced } from './useDebounced.ts'

/** What is being written; it outlives the page, so that a look elsewhere loses nothing. */
const text = ref('')
/** The version that was edited and its text; null until the policies were read once. */
const base = ref<{ version: number; yaml: string } | null>(null)
/** What somebody else saved in the meantime. */
const conflict = ref<PolicyText | null>(null)
const KEY = ['policies'] as const
const CHECK_AFTER_MS = 350

const dirty = computed(() => base.value !== null && text.value !== base.value.yaml)
const editable = ref(false)
// A tab that is closed would lose what could have been saved, without a word.
window.addEventListener('beforeunload', (event) => dirty.value && editable.value && event.preventDefault())

/** The policy document in force, the draft of the next one, and what is wrong with it. */
export function usePolicyDraft() {
  const client = useQueryClient()
  const query = useQuery({ queryKey: KEY, queryFn: policiesApi.all })
  const policies = query.data

  watch(
    policies,
    (found) => {
      if (!found) return
      editable.value = found.editable
      const latest = { version: found.current?.version ?? 0, yaml: found.current?.yaml ?? '' }
      if (base.value === null || !dirty.value) {
        base.value = latest
        text.value = latest.yaml
        conflict.value = null
      } else if (latest.version !== base.value.version) conflict.value = found.current
    },
    { immediate: true },
  )

  const settled = useDebounced(() => text.value, CHECK_AFTER_MS)
  const check = useQuery({
    queryKey: ['policies', 'check', settled],
    queryFn: () => policiesApi.check(settled.value),
    enabled: computed(() => settled.value.trim() !== ''),
    placeholderData: (before) => before,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 60_000,
  })
  const faults = computed(() => (text.value.trim() === '' ? [] : (check.data.value?.faults ?? [])))
  /** Whether the answer is about the text as it stands. */
  const checked = computed(
    () => settled.value === text.value && !check.isFetching.value && !check.isPlaceholderData.value,
  )
  /** The text as a document; while it has faults, the last one that had none. */
  const document = shallowRef<PolicyDocument | null>(null)
  watch(
    [check.data, policies] as const,
    ([found, all]) => {
      if (found?.document) document.value = found.document
      else if (!dirty.value) document.value = all?.current?.document ?? null
    },
    { immediate: true },
  )

  function take(saved: PolicyText) {
    base.value = { version: saved.version, yaml: saved.yaml }
    text.value = saved.yaml
    conflict.value = null
    return client.invalidateQueries({ queryKey: KEY, exact: true })
  }

  /** @throws what the gateway refuses; a conflict becomes `conflict` and false comes back. */
  async function save(comment: string): Promise<boolean> {
    const yaml = text.value
    try {
      await take(await policiesApi.save({ yaml, comment, expectedVersion: base.value?.version ?? 0 }))
      return true
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'CONFLICT') throw error
      const { current } = await policiesApi.all()
      conflict.value = current
      return false
    }
  }

  const restore = async (version: number) => take(await policiesApi.restore(version, base.value?.version ?? 0))
  const discard = () => {
    text.value = base.value?.yaml ?? ''
  }
  /** Goes on with one's own text over what somebody else saved, or gives it up for theirs. */
  function settle(mine: boolean) {
    const theirs = conflict.value
    if (!theirs) return
    base.value = { version: theirs.version, yaml: theirs.yaml }
    if (!mine) text.value = theirs.yaml
    conflict.value = null
    void client.invalidateQueries({ queryKey: KEY, exact: true })
  }

  return {
    query,
    policies,
    editable,
    text,
    base,
    dirty,
    conflict,
    faults,
    checked,
    check,
    document,
    save,
    restore,
    discard,
    settle,
  }
}
