import { existsSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'

/** The flights of 2013 that come with the project. */
export const demoDataDir = fileURLToPath(new URL('../demo/flights', import.meta.url))
export const demoModelFile = fileURLToPath(new URL('../demo/flights/model.yaml', import.meta.url))

export const EngineConfig = z.object({
  dataDir: z
    .string()
    .default(demoDataDir)
    .refine((folder) => existsSync(folder), 'this folder does not exist')
    .describe('folder with *.parquet and, if there is one, model.yaml'),
  memoryLimit: z
    .string()
    .regex(/^\d+(\.\d+)?\s?[KMGT]i?B$/i, 'write it like 2GB')
    .default('2GB'),
  threads: z.number().int().min(1).max(256).default(availableParallelism()),
  maxRows: z.number().int().min(1).default(10_000),
  timeoutMs: z.number().int().min(1).default(30_000),
})
