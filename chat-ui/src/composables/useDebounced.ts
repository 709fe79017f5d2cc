import { onScopeDispose, type Ref, ref, watch } from 'vue'

/** Follows a value once it has stood still for `ms`. */
export function useDebounced<T>(value: () => T, ms: number): Readonly<Ref<T>> {
  const settled = ref(value()) as Ref<T>
  let timer: ReturnType<typeof setTimeout> | undefined
  watch(value, (next) => {
    clearTimeout(timer)
    timer = setTimeout(() => {
      settled.value = next
    }, ms)
  })
  onScopeDispose(() => clearTimeout(timer))
  return settled
}
