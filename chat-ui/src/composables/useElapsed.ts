import { onScopeDispose, ref, watch } from 'vue'

/** Milliseconds since `running` became true, in steps of a tenth of a second; stands still when it is false. */
export function useElapsed(running: () => boolean) {
  const ms = ref(0)
  let timer: ReturnType<typeof setInterval> | undefined
  const halt = () => clearInterval(timer)
  watch(
    running,
    (now) => {
      halt()
      if (!now) return
      const startedAt = performance.now()
      ms.value = 0
      timer = setInterval(() => {
        ms.value = performance.now() - startedAt
      }, 100)
    },
    { immediate: true },
  )
  onScopeDispose(halt)
  return ms
}
