export function checkToolchain(version?: string, needsCargo?: boolean): void
