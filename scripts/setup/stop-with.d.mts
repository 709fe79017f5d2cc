export class SetupError extends Error {}
export function stopWith(message: string): never
export function explain(error: unknown): string
