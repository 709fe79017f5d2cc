export { demoDataDir, demoModelFile } from './config.ts'
export { engineServer } from './server.ts'
