import { homedir } from 'node:os'
import { join, resolve } from 'node:path'
import { type Config as ConfigOf, defineConfig, envFlag, envInteger, envList, envText } from '@plumbline/tools/config'
import { checkoutFolder } from './checkout-folder.ts'
import { modelConfig } from './models/config.ts'
import { requireTls } from './service-tls.ts'

/** Every setting of the Plumbline process (gateway and command line). */
export const configFields = {
  port: {
    env: 'PLUMBLINE_PORT',
    schema: envInteger(0, 65535).default(3000),
    description: 'Port of the page and the API. 0 takes a free one.',
  },
  host: {
    env: 'PLUMBLINE_HOST',
    schema: envText({ pattern: /^[\w.:-]+$/, expects: 'a host name or an address' }).default('127.0.0.1'),
    description: 'Address to listen on. Anything but a loopback address is reachable by others, and then needs HTTPS.',
  },
  allowedHosts: {
    env: 'PLUMBLINE_ALLOWED_HOSTS',
    schema: envList().default([]),
    description: 'Further names under which the server is reached (behind a proxy), separated by commas.',
  },
  dataDir: {
    env: 'PLUMBLINE_DATA_DIR',
    schema: envText({ expects: 'a folder' }).optional(),
    description: 'Folder of the embedded database and the local tokens.',
    shownDefault: '.plumbline in the checkout, else $XDG_DATA_HOME/plumbline',
  },
  databaseUrl: {
    env: 'DATABASE_URL',
    schema: envText({ pattern: /^postgres(ql)?:\/\//, expects: 'a URL that begins with postgres://' }).optional(),
    description: 'A Postgres server (14 or newer, with pgvector) for the state, in place of the embedded one.',
    secret: true,
  },
  token: {
    env: 'PLUMBLINE_TOKEN',
    schema: envText({
      pattern: /^[\w.~-]{16,200}$/,
      expects: 'at least 16 letters, digits or any of . _ ~ -',
    }).optional(),
    description:
      'A fixed login token, for scripts; it can be used again and again. Unset: a new one-time token a start.',
    secret: true,
  },
  publicUrl: {
    env: 'PLUMBLINE_PUBLIC_URL',
    schema: envText({
      pattern: /^https?:\/\/[\w.:[\]-]+\/?$/,
      expects: 'a URL such as https://data.example',
    }).optional(),
    description:
      'Where people and MCP clients reach the server, when that is not the address it listens on: sign-in comes back there, ' +
      'and tokens are made for it.',
  },
  oidcIssuer: {
    env: 'PLUMBLINE_OIDC_ISSUER',
    schema: envText({ pattern: /^https?:\/\/\S+$/, expects: 'a URL that begins with https://' }).optional(),
    description: 'Issuer of the OpenID provider (Okta, Auth0, Keycloak and others) where people sign in.',
  },
  oidcClientId: {
    env: 'PLUMBLINE_OIDC_CLIENT_ID',
    schema: envText().optional(),
    description: 'Id of this server at the OpenID provider.',
  },
  oidcClientSecret: {
    env: 'PLUMBLINE_OIDC_CLIENT_SECRET',
    schema: envText().optional(),
    description: 'Its secret there; a public client has none.',
    secret: true,
  },
  oidcScopes: {
    env: 'PLUMBLINE_OIDC_SCOPES',
    schema: envText().default('openid profile email'),
    description: 'Scopes to ask the provider for, separated by spaces. Okta wants `groups` among them.',
  },
  oidcGroupsClaim: {
    env: 'PLUMBLINE_OIDC_GROUPS_CLAIM',
    schema: envText().default('groups'),
    description: 'Claim that lists the groups of a person; the policies give roles to groups. A path may have dots.',
  },
  attributeClaims: {
    env: 'PLUMBLINE_ATTRIBUTE_CLAIMS',
    schema: envList().default([]),
    description:
      'Claims that row filters may compare with, separated by commas: `region,department=https://acme.example/department`.',
  },
  localLogin: {
    env: 'PLUMBLINE_LOCAL_LOGIN',
    schema: envFlag().default(true),
    description: 'Whether `plumbline link` lets the owner in, on the machine itself, beside the OpenID provider.',
  },
  sessionHours: {
    env: 'PLUMBLINE_SESSION_HOURS',
    schema: envInteger(1, 720).default(12),
    description: 'Hours after which one signs in at the OpenID provider again, whatever happens.',
  },
  sessionIdleMinutes: {
    env: 'PLUMBLINE_SESSION_IDLE_MINUTES',
    schema: envInteger(1, 43_200).default(60),
    description: 'Minutes without a request after which one signs in at the OpenID provider again.',
  },
  redisUrl: {
    env: 'PLUMBLINE_REDIS_URL',
    schema: envText({ pattern: /^rediss?:\/\//, expects: 'a URL that begins with redis:// or rediss://' }).optional(),
    description:
      'A Redis server (7 or newer): it keeps the sessions in place of the database, and the rate limits of several processes together.',
    secret: true,
  },
  policiesFile: {
    env: 'PLUMBLINE_POLICIES_FILE',
    schema: envText({ expects: 'a file' }).optional(),
    description:
      'The policies (YAML) in a file under version control. Set, that file is the one place to change them, and the page shows them only.',
  },
  auditKey: {
    env: 'PLUMBLINE_AUDIT_KEY',
    schema: envText({ pattern: /^\S{16,1000}$/, expects: 'at least 16 characters without spaces' }).optional(),
    description: 'Signs the anchors of the audit log (`plumbline audit anchor`), so that nobody else can make one.',
    secret: true,
  },
  rowLimit: {
    env: 'PLUMBLINE_ROW_LIMIT',
    schema: envInteger(1, 1_000_000).default(10_000),
    description: 'Rows an answer may hold; a longer result is cut and marked as truncated.',
  },
  queryTimeoutMs: {
    env: 'PLUMBLINE_QUERY_TIMEOUT_MS',
    schema: envInteger(100, 3_600_000).default(30_000),
    description: 'Milliseconds a query may run.',
  },
  rateLimit: {
    env: 'PLUMBLINE_RATE_LIMIT',
    schema: envInteger(0, 1_000_000).default(600),
    description: 'API requests a minute for each person. 0 is no limit of any kind.',
  },
  askRateLimit: {
    env: 'PLUMBLINE_ASK_RATE_LIMIT',
    schema: envInteger(1, 1_000_000).default(120),
    description: 'Questions a minute for each person.',
  },
  plaintextHosts: {
    env: 'PLUMBLINE_PLAINTEXT_HOSTS',
    schema: envList().default([]),
    description: 'Hosts on your own network that services are reached at without TLS, separated by commas.',
  },
  corsOrigins: {
    env: 'PLUMBLINE_CORS_ORIGINS',
    schema: envList({
      pattern: /^https?:\/\/[\w.:[\]-]+$/,
      expects: 'origins such as https://intranet.example',
    }).default([]),
    description: 'Origins of other pages whose scripts may call the API with a token, separated by commas.',
  },
  trustedProxies: {
    env: 'PLUMBLINE_TRUSTED_PROXIES',
    schema: envList().default([]),
    description:
      'Addresses or networks of proxies whose X-Forwarded-For is believed, separated by commas: `10.0.0.0/8`.',
  },
  tlsCert: {
    env: 'PLUMBLINE_TLS_CERT',
    schema: envText({ expects: 'a file' }).optional(),
    description: 'Certificate chain in PEM: the server then speaks HTTPS. Not needed behind a proxy that does.',
  },
  tlsKey: {
    env: 'PLUMBLINE_TLS_KEY',
    schema: envText({ expects: 'a file' }).optional(),
    description: 'Private key of that certificate, in PEM.',
  },
  encryptionKeys: {
    env: 'PLUMBLINE_ENCRYPTION_KEY',
    schema: envList().default([]),
    description:
      'A 256-bit key in base64 that seals what is kept and must be read again (signing keys, ID tokens); old keys may follow after commas.',
    secret: true,
  },
  logLevel: {
    env: 'PLUMBLINE_LOG_LEVEL',
    schema: envText({
      pattern: /^(fatal|error|warn|info|debug|trace|silent)$/,
      expects: 'fatal, error, warn, info, debug, trace or silent',
    }).default('warn'),
    description: 'How much is logged.',
  },
  ...modelConfig,
  langfusePublicKey: {
    env: 'LANGFUSE_PUBLIC_KEY',
    schema: envText().optional(),
    description: 'Public key of Langfuse. Tracing is on when both keys are set.',
  },
  langfuseSecretKey: {
    env: 'LANGFUSE_SECRET_KEY',
    schema: envText().optional(),
    description: 'Secret key of Langfuse.',
    secret: true,
  },
  langfuseBaseUrl: {
    env: 'LANGFUSE_BASE_URL',
    schema: envText({ pattern: /^https?:\/\//, expects: 'a URL that begins with http:// or https://' }).default(
      'https://cloud.langfuse.com',
    ),
    description: 'Address of the Langfuse server.',
  },
} as const

const definition = defineConfig(configFields)

/** The configuration of the process, frozen; `dataDir` is an absolute path. */
export type Config = Omit<ConfigOf<typeof configFields>, 'dataDir'> & { readonly dataDir: string }

/** Addresses that this process connects to. */
const SERVICES: ReadonlySet<string> = new Set([
  'oidcIssuer',
  'redisUrl',
  'langfuseBaseUrl',
  'openaiBaseUrl',
  'anthropicBaseUrl',
])

/** Reads the environment. Throws CONFIG_INVALID that names the variables at fault. */
export function loadConfig(env: Readonly<Record<string, string | undefined>> = process.env): Config {
  const values = definition.load(env)
  for (const [field, { env: variable }] of Object.entries(configFields)) {
    const value = values[field as keyof typeof values]
    if (SERVICES.has(field) && typeof value === 'string') requireTls(value, variable, values.plaintextHosts)
  }
  return Object.freeze({ ...values, dataDir: resolve(values.dataDir ?? defaultDataDir(env)) })
}

/** `.plumbline` of the checkout that the working folder is in; outside of one, the user's data folder (XDG). */
function defaultDataDir(env: Readonly<Record<string, string | undefined>>): string {
  const checkout = checkoutFolder()
  if (checkout !== null) return join(checkout, '.plumbline')
  return join(env.XDG_DATA_HOME || join(homedir(), '.local', 'share'), 'plumbline')
}
