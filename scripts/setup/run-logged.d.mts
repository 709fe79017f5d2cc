export function runLogged(
  name: string,
  command: string,
  args: string[],
  options: {
    why: string
    env?: NodeJS.ProcessEnv
    cwd?: string
    logFolder?: string
    known?: [RegExp, string][]
    onLine?: (line: string) => void
  },
): Promise<void>
