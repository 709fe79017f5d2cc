export function checkToolchain(version?: string): void
