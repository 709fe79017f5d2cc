export function checkPort(port: number, host: string, dataDir: string): Promise<void>
