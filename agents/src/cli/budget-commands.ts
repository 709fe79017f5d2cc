import type { Command } from 'commander'
import type { Config } from '../config.ts'

type Run = (work: (config: Config) => Promise<number>) => Promise<void>

const APPROVAL_EXAMPLES = `
Examples:
  $ plumbline approvals list
  $ plumbline approvals request 1f0c… --comment "for the board"
  $ plumbline approvals decline 1f0c… --comment "use the summary table"`

/** `plumbline usage` and `plumbline approvals …`: what is used, and queries over a budget. */
export function addBudgetCommands(program: Command, run: Run): void {
  program
    .command('usage')
    .description('what was used of models and sources, by day')
    .option('--days <n>', 'how many days back', '30')
    .option('--everyone', 'by person, for who may manage users')
    .option('--json', 'print as JSON')
    .action((options) => run(async (config) => (await import('./commands/usage.ts')).usageCommand(options, config)))
  const approvals = program
    .command('approvals')
    .description('queries over a budget: ask for approval, or give it')
    .addHelpText('after', APPROVAL_EXAMPLES)
  const module = () => import('./commands/approvals.ts')
  approvals
    .command('list')
    .description('what other people wait for; with --mine, your own')
    .option('--mine', 'your own queries')
    .option('--json', 'print as JSON')
    .action((options) => run(async (config) => (await module()).listApprovalsCommand(options, config)))
  for (const [verb, description] of [
    ['request', 'ask for approval of a query of yours'],
    ['approve', 'let a query of somebody else run, once'],
    ['decline', 'decline a query of somebody else'],
  ] as const) {
    approvals
      .command(verb)
      .description(description)
      .argument('<id>', 'the approval’s id')
      .option('--comment <text>', verb === 'decline' ? 'why; the asker reads it' : 'what to say with it')
      .action((id: string, options) =>
        run(async (config) => (await module()).approvalCommand(verb, id, options, config)),
      )
  }
}
