import type { Command } from 'commander'
import type { Config } from '../config.ts'

/** `plumbline keys …`: the API keys of the owner. */
export function addKeyCommands(
  program: Command,
  run: (work: (config: Config) => Promise<number>) => Promise<void>,
): void {
  const keys = program.command('keys').description('API keys for programs and MCP clients')
  keys
    .command('create')
    .description('make a key and print it, once')
    .argument('<name>', 'what it is for')
    .option('--scope <list>', 'what it is good for: ask, query, read, audit.read, admin', 'ask,read')
    .option('--days <n>', 'how long it lives', '90')
    .option('--json', 'print as JSON')
    .action((name: string, options) =>
      run(async (config) => (await import('./commands/keys.ts')).createKeyCommand(name, options, config)),
    )
  keys
    .command('list')
    .description('list keys, without their secrets')
    .option('--everyone', 'those of other people too')
    .option('--json', 'print as JSON')
    .action((options) => run(async (config) => (await import('./commands/keys.ts')).listKeysCommand(options, config)))
  keys
    .command('revoke')
    .description('end a key at once, with the tokens that came from it')
    .argument('<id>', 'the key’s id')
    .action((id: string) => run(async (config) => (await import('./commands/keys.ts')).revokeKeyCommand(id, config)))
}
