import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{tools,native,mcp-servers,agents,chat-ui,evals,scripts}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/target/**', '**/dist/**'],
    // Generous: a loaded machine must not fail a test. Speed is measured in benchmarks.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // Two cores: more workers than that only make each test slower.
    maxWorkers: 2,
  },
})
