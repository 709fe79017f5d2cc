import { ref } from 'vue'
import { problemText } from '../api/send.ts'

/** Something a person sets off: whether it is under way, and what went wrong the last time. */
export function useAction() {
  const busy = ref(false)
  const problem = ref('')
  async function act(work: () => Promise<unknown>): Promise<void> {
    busy.value = true
    problem.value = ''
    try {
      await work()
    } catch (error) {
      problem.value = problemText(error)
    } finally {
      busy.value = false
    }
  }
  return { busy, problem, act }
}
