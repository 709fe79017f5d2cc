export { Budget, type BudgetLimits, type DayBudget, type Need } from './budget.ts'
export { createModel } from './create-model.ts'
export { estimateTokens } from './estimate-tokens.ts'
export type {
  ChatModel,
  CompleteOptions,
  ModelMessage,
  ModelReply,
  ModelRequest,
  ModelTool,
  StopReason,
  SystemBlock,
  ToolCall,
  ToolResult,
  Usage as ModelUsage,
} from './port.ts'
export { privateModel } from './private-model.ts'
export { traceModel } from './trace-model.ts'
