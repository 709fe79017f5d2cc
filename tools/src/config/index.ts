export { type Config, type ConfigField, type ConfigFields, defineConfig } from './define-config.ts'
export { envFlag, envInteger, envList, envNumber, envText } from './env-schemas.ts'
export { renderConfigTable } from './render-config-table.ts'
export { renderEnvExample } from './render-env-example.ts'
