import { toAppError } from '@plumbline/tools/errors'
import { Command, CommanderError } from 'commander'
import { type Config, loadConfig } from '../config.ts'
import { withEnvFile } from '../env-file.ts'
import { VERSION } from '../gateway/version.ts'
import { addBudgetCommands } from './budget-commands.ts'
import { addKeyCommands } from './key-commands.ts'
import { addRecordCommands } from './record-commands.ts'

const EXAMPLES = `
Examples:
  $ plumbline ask "How many flights left JFK in July 2013?"
  $ plumbline doctor
  $ plumbline help ask`

const ASK_EXAMPLES = `
Examples:
  $ plumbline ask "How many flights left JFK in July 2013?"
  $ plumbline ask "and for United only?" --thread 1f0c…
  $ plumbline ask --thread 1f0c… --choice departure
  $ plumbline ask "share of cancelled flights per origin" --json

Exit codes: 0 answered, 1 failed, 2 it asks back, 3 it can not answer, 4 it waits for an approval.`

const CHECK_EXAMPLES = `
Each line of the input is a statement: {"id": "q1", "dialect": "snowflake", "sql": "SELECT …"}, with a
"principal": {"id": "ana", "roles": ["analyst"]} to be judged by the policies. Each line of the output is
{id, allowed, code, reason, sql, tables, columns, lineage}, in the order of the input.

Examples:
  $ plumbline check queries.jsonl --fail-on-refusal
  $ plumbline check --dialect duckdb --policies policies.yaml --schema tables.json < queries.jsonl

Exit codes: 0 all were judged, 1 something is wrong or --fail-on-refusal found a refusal.`

/** Every command is loaded when it is called: most need neither the graphs nor the database. */
export function buildProgram(run: (work: (config: Config) => Promise<number>) => Promise<void>): Command {
  const program = new Command('plumbline')
    .description('Ask your data in plain English and check the answer.')
    .version(VERSION)
    .addHelpText('after', EXAMPLES)
    .configureOutput({ outputError: (text, write) => write(usageError(text)) })
    .exitOverride()
  program
    .command('ask')
    .description('ask a question; without a running server it is answered in this process')
    .argument('[question...]', 'the question')
    .option('--json', 'print the whole answer as JSON')
    .option('--thread <id>', 'go on in a thread')
    .option('--choice <id>', 'answer what was asked back in the thread')
    .option('--source <name>', 'ask this source')
    .addHelpText('after', ASK_EXAMPLES)
    .action((words: string[], options) =>
      run(async (config) => (await import('./commands/ask.ts')).askCommand(words.join(' '), options, config)),
    )
  program
    .command('check')
    .description('judge statements from files or standard input without running them')
    .argument('[files...]', 'JSON lines; - is standard input')
    .option('--dialect <name>', 'dialect of lines that name none')
    .option('--policies <file>', 'policies (YAML) for lines with a principal')
    .option('--schema <file>', 'the tables there are (JSON or YAML); without it any table may be named')
    .option('--source <name>', 'source whose policies hold')
    .option('--workers <number>', 'threads; as many as there are processors unless given')
    .option('--jsonl', 'print JSON lines, as it does unless told otherwise')
    .option('--pretty', 'print for people instead')
    .option('--fail-on-refusal', 'exit with 1 when a statement is refused')
    .addHelpText('after', CHECK_EXAMPLES)
    .action((files: string[], options) =>
      run(async () => (await import('./commands/check.ts')).checkCommand(files, options)),
    )
  program
    .command('threads')
    .description('list the latest threads')
    .option('--json', 'print as JSON')
    .action((options) => run(async (config) => (await import('./commands/threads.ts')).threadsCommand(options, config)))
  program
    .command('receipt')
    .description('print the receipt of an answer again')
    .argument('<id>', 'the receipt’s id')
    .action((id: string) => run(async (config) => (await import('./commands/receipt.ts')).receiptCommand(id, config)))
  program
    .command('impact')
    .description('list what breaks when a table or a column goes: verified queries and saved answers')
    .argument('<name>', 'a table, or a column as table.column')
    .option('--source <name>', 'the source that has it')
    .option('--json', 'print as JSON')
    .action((name: string, options) =>
      run(async (config) => (await import('./commands/impact.ts')).impactCommand(name, options, config)),
    )
  program
    .command('start')
    .description('serve the page and the API (npm start also sets up)')
    .action(() => run(async () => (await import('../gateway/main.ts')).main(process.env).then(() => -1)))
  program
    .command('link')
    .description('print a new link to the running server')
    .action(() => run(async (config) => (await import('./commands/link.ts')).linkCommand(config)))
  program
    .command('mcp')
    .description('serve the data tools to an MCP client over stdio')
    .option('--print-config', 'print what to put into the client’s configuration')
    .action((options) => run(async (config) => (await import('./commands/mcp.ts')).mcpCommand(options, config)))
  addBudgetCommands(program, run)
  addKeyCommands(program, run)
  addRecordCommands(program, run)
  program
    .command('doctor')
    .description('check the installation and say what to mend')
    .option('--json', 'print as JSON')
    .action((options) => run(async (config) => (await import('./doctor/doctor.ts')).doctorCommand(options, config)))
  return program
}

/** What was wrong with a command, in one line: commander breaks it before a suggestion. */
function usageError(text: string): string {
  return `${text.trim().replace(/\s*\n\s*/g, ' ')} (plumbline --help lists what there is)\n`
}

function report(error: unknown): void {
  const known = toAppError(error)
  process.stderr.write(`${known.message}\n`)
  if (process.env.PLUMBLINE_LOG_LEVEL === 'debug')
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
}

async function run(work: (config: Config) => Promise<number>): Promise<void> {
  try {
    const code = await work(loadConfig(withEnvFile(process.env)))
    // -1: a server runs on; anything else is done, and a worker of a library must not keep the process alive.
    if (code >= 0) process.exit(code)
  } catch (error) {
    report(error)
    process.exit(1)
  }
}

// Whoever read the answer has enough of it (plumbline ask … | head).
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))

try {
  await buildProgram(run).parseAsync(process.argv)
} catch (error) {
  if (!(error instanceof CommanderError)) throw error
  process.exitCode = error.exitCode
}
