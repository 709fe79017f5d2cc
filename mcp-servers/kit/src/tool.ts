import { AppError, toAppError } from '@plumbline/tools/errors'
import { z } from 'zod'
import type { ToolContext } from './connection.ts'

/** A tool of the kit: one file each under `tools/`. */
export interface Tool<Input extends z.ZodType = z.ZodType, Output extends z.ZodType = z.ZodType> {
  readonly name: string
  readonly title: string
  /** For a language model: when to use it, what comes back. */
  readonly description: string
  readonly input: Input
  readonly output: Output
  readonly run: (input: z.output<Input>, context: ToolContext) => Promise<z.input<Output>>
  /** The short text for clients that do not read structured content. Bounded by the kit. */
  readonly text: (output: z.input<Output>) => string
}

export function defineTool<Input extends z.ZodType, Output extends z.ZodType>(tool: Tool<Input, Output>): Tool {
  return tool as unknown as Tool
}

/**
 * Where the error of a failed call stands, with its code and data. Not in the structured content: the official client holds that
 * against the tool's output schema even when `isError` is set.
 */
export const ERROR_META = 'plumbline/error'

/** What a model may get as text of one call, in characters: about 5,000 tokens. The structured content is not cut. */
const MAX_TEXT = 20_000

/** A tool as MCP lists it. */
export function describeTool(tool: Tool) {
  const schema = (type: z.ZodType) => z.toJSONSchema(type, { io: 'input' }) as { type: 'object' }
  return {
    name: tool.name,
    title: tool.title,
    description: tool.description,
    inputSchema: schema(tool.input),
    outputSchema: schema(tool.output),
    annotations: {
      title: tool.title,
      readOnlyHint: true,
      destructiveHint: false,
      idempotentHint: true,
      openWorldHint: false,
    },
  }
}

/** Runs a tool as MCP calls it. A failure is a result with `isError` and the error's code, never a broken protocol. */
export async function callTool(tool: Tool, input: unknown, contextOf: () => Promise<ToolContext>) {
  try {
    const parsed = tool.input.safeParse(input)
    if (!parsed.success) {
      const [issue] = parsed.error.issues
      throw new AppError(
        'INPUT_INVALID',
        `\`${issue?.path.join('.') || tool.name}\`: ${issue?.message ?? 'is not valid'}`,
      )
    }
    const output = await tool.run(parsed.data, await contextOf())
    return {
      content: [{ type: 'text' as const, text: bounded(tool.text(output)) }],
      structuredContent: output as Record<string, unknown>,
    }
  } catch (error) {
    const known = toAppError(error)
    return {
      isError: true,
      content: [{ type: 'text' as const, text: `${known.code}: ${known.message}` }],
      _meta: { [ERROR_META]: known.toJSON() },
    }
  }
}

function bounded(text: string): string {
  return text.length <= MAX_TEXT ? text : `${text.slice(0, MAX_TEXT)}\n… cut: ask for fewer rows or columns.`
}
