// The layers of CONTRIBUTING.md. Imports point down; siblings meet only through the layer below.
const TESTS = '/differential/|\\.test\\.ts$|/test/|/testing/|/bench/|/fixtures/|test-servers/'

/** One folder may import only what is named. */
const only = (name, from, allowed, comment) => ({
  name,
  comment,
  severity: 'error',
  from: { path: from, pathNot: TESTS },
  to: { path: '^(agents|chat-ui|evals|mcp-servers|native|tools|scripts|infra)/', pathNot: allowed },
})

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    only(
      'page-knows-the-contract-only',
      '^chat-ui/',
      '^(chat-ui/|tools/src/(contract|errors)/)',
      'It runs in a browser.',
    ),
    only(
      'evals-over-agents',
      '^evals/',
      '^(evals/|agents/src/index\\.ts$|tools/)',
      'The harness uses the product as others do.',
    ),
    only('agents-over-kit', '^agents/', '^(agents/|tools/|mcp-servers/kit/src/index\\.ts$|mcp-servers/engine/)', ''),
    only(
      'servers-over-kit',
      '^mcp-servers/(?!kit)([^/]+)/',
      '^(mcp-servers/(kit|$1)/|tools/|native/)',
      'Servers ignore one another.',
    ),
    only('kit-over-tools', '^mcp-servers/kit/', '^(mcp-servers/kit/|tools/)', ''),
    only('tools-at-the-bottom', '^tools/', '^(tools/|native/src/index\\.ts$)', ''),
    only('native-knows-nobody', '^native/', '^native/', ''),
    {
      name: 'one-file-names-a-server',
      comment: 'Agents choose by the catalog; only the registry names a server.',
      severity: 'error',
      from: { path: '^agents/', pathNot: `^agents/src/mcp/registry\\.ts$|${TESTS}` },
      to: { path: '^mcp-servers/(?!kit)' },
    },
    {
      name: 'gateway-is-a-door',
      comment: 'Only the command line opens the gateway.',
      severity: 'error',
      from: { path: '^agents/', pathNot: `^agents/src/(gateway|cli)/|${TESTS}` },
      to: { path: '^agents/src/gateway/' },
    },
    ...['sql', 'insight', 'ml'].map((agent) => ({
      name: `${agent}-agent-stands-alone`,
      severity: 'error',
      from: { path: `^agents/src/${agent}/` },
      to: { path: '^agents/src/(sql|insight|ml|gateway|cli|assistant)/', pathNot: `^agents/src/${agent}/` },
    })),
    {
      name: 'native-through-the-gate',
      comment: 'In tools only the guard calls the engine.',
      severity: 'error',
      from: { path: '^tools/', pathNot: `^tools/src/sql/|${TESTS}` },
      to: { path: '^native/' },
    },
    {
      name: 'contract-is-zod-only',
      severity: 'error',
      from: { path: '^tools/src/(contract|errors)/', pathNot: TESTS },
      to: { pathNot: '^(tools/src/(contract|errors)/|node_modules/zod/)' },
    },
    {
      name: 'tests-stay-out',
      comment: 'What ships imports no test helper.',
      severity: 'error',
      from: { path: '^(agents|chat-ui|evals|mcp-servers|native|tools)/', pathNot: `${TESTS}|/conformance/` },
      to: { path: `${TESTS}|/conformance/`, pathNot: 'node_modules' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/(dist|target|\\.tsbuild)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.vue'],
    },
  },
}
