import type { Command } from 'commander'
import type { Config } from '../config.ts'

type Run = (work: (config: Config) => Promise<number>) => Promise<void>

const AUDIT_EXAMPLES = `
Examples:
  $ plumbline audit verify --anchors /mnt/elsewhere/anchors.jsonl
  $ plumbline audit anchor --to /mnt/elsewhere/anchors.jsonl
  $ plumbline audit search salaries --outcome refused
  $ plumbline audit export --format csv --from 2026-11-01 --to 2026-11-30 > november.csv

Exit codes of verify: 0 the chain is whole, 1 it is not, or could not be read.`

/** `plumbline audit …` and `plumbline policies …`: the record of what was done, and of the rules. */
export function addRecordCommands(program: Command, run: Run): void {
  const audit = program
    .command('audit')
    .description('verify, search and export the audit log')
    .addHelpText('after', AUDIT_EXAMPLES)
  const auditModule = () => import('./commands/audit.ts')
  audit
    .command('verify')
    .description('find a changed, removed, inserted or moved entry')
    .option('--head <hash...>', 'a hash, or number:hash, that was kept elsewhere')
    .option(
      '--anchors <file>',
      'anchors that `plumbline audit anchor` wrote; checked with PLUMBLINE_AUDIT_KEY when it is set',
    )
    .option('--file <file>', 'verify this file of JSON lines in place of the log')
    .option('--partial', 'the file is a part of a log')
    .option('--json', 'print as JSON')
    .action((options) => run(async (config) => (await auditModule()).verifyCommand(options, config)))
  audit
    .command('anchor')
    .description('print the head of the chain, to be kept where nobody can change it together with the log')
    .option('--to <file>', 'add it to this file')
    .action((options) => run(async (config) => (await auditModule()).anchorCommand(options, config)))
  withFilters(
    audit
      .command('search')
      .description('list the newest entries that match')
      .argument('[words...]', 'words, or their beginnings'),
  )
    .option('--limit <number>', 'how many', '20')
    .option('--json', 'print the whole entries as JSON')
    .action((words: string[], options) =>
      run(async (config) => (await auditModule()).searchCommand(words, options, config)),
    )
  withFilters(audit.command('export').description('write the entries to standard output, oldest first'))
    .option('--format <format>', 'jsonl or csv', 'jsonl')
    .option('--text <words>', 'words, or their beginnings')
    .action((options) => run(async (config) => (await auditModule()).exportCommand(options, config)))

  const policies = program.command('policies').description('check, show and apply the rules of who may see what')
  const policyModule = () => import('./commands/policies.ts')
  policies
    .command('check')
    .description('check a policy file, for CI; needs no server')
    .argument('<file>', 'YAML')
    .action((file: string) => run(async () => (await policyModule()).checkPoliciesCommand(file)))
  policies
    .command('show')
    .description('print the rules in force')
    .argument('[version]', 'print this version in place of the newest')
    .action((version: string | undefined) =>
      run(async (config) => (await policyModule()).showPoliciesCommand(version, config)),
    )
  policies
    .command('apply')
    .description('save a policy file as the newest version, in force at once')
    .argument('<file>', 'YAML')
    .option('--comment <text>', 'why')
    .action((file: string, options) =>
      run(async (config) => (await policyModule()).applyPoliciesCommand(file, options, config)),
    )
}

function withFilters(command: Command): Command {
  return command
    .option('--from <moment>', 'at this day or moment, or later (ISO 8601)')
    .option('--to <moment>', 'up to the end of this day, or before this moment')
    .option('--principal <id>', 'who')
    .option('--action <action>', 'what, such as query or policy-changed')
    .option('--surface <surface>', 'through which door, such as page or mcp')
    .option('--outcome <outcome>', 'ok, refused, failed or cancelled')
    .option('--table <name>', 'a table, or table.column')
}
