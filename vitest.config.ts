import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{tools,native,mcp-servers,agents,chat-ui,evals,scripts}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/target/**', '**/dist/**'],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores: more workers than that only make each test slower.
    maxWorkers: 2,
  },
})
