export { AppError, type ErrorShape, toAppError } from './app-error.ts'
export { CODES, type Code, type CodeInfo } from './codes.ts'
