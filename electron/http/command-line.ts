import { parseArgs } from 'node:util'
import { readPublicOrigin } from '../../shared/public-origin'
import { readProxy } from '../access/client-address'
import { unlocks, type Unlock } from '../unattended'

export interface HeadlessOptions {
  port: number
  host: string
  data: string | null
  demo: boolean
  open: boolean
  passphraseFile: string | null
  /** Origins under which others reach the panel. */
  publicOrigins: string[]
  /** Reverse proxies that are believed where a request comes from. */
  trustedProxies: string[]
  tls: { cert: string; key: string } | null
  /** Started by the system, with nobody at a terminal: how the vault opens. Null where a person starts it. */
  unattended: Unlock | null
}

export const usage = `Usage: npm run headless -- [options]

  --port <n>              port to listen on; 0 takes a free one (default 7420)
  --host <address>        address to listen on (default 127.0.0.1)
  --data <folder>         where Regie keeps its data (default: the desktop application's folder)
  --demo                  start with two simulated services; the vault's key is stored in a file next to it
  --passphrase-file <f>   file whose first line is the vault's passphrase (or REGIE_PASSPHRASE in the environment)
  --public-url <url>      public address of Regie behind a reverse proxy or a tunnel; may be repeated
  --trust-proxy <address> address or area of reverse proxies whose X-Forwarded-For or Forwarded is believed; may be
                          repeated
  --tls-cert <f>          certificate (PEM), to serve TLS; requires --tls-key
  --tls-key <f>           its key (PEM)
  --open                  open the panel in the default browser
  --unattended <how>      started by the system: what opens the vault (systemd-credential, keychain, dpapi or none)

  REGIE_ADMIN_TOKEN       admin token for scripts, sent as "Authorization: Bearer"
`

/** The options of a panel without a window. */
export const headlessOptions = {
  port: { type: 'string', default: '7420' },
  host: { type: 'string', default: '127.0.0.1' },
  data: { type: 'string' },
  demo: { type: 'boolean', default: false },
  open: { type: 'boolean', default: false },
  'passphrase-file': { type: 'string' },
  'public-url': { type: 'string', multiple: true },
  'trust-proxy': { type: 'string', multiple: true },
  'tls-cert': { type: 'string' },
  'tls-key': { type: 'string' },
  unattended: { type: 'string' },
} as const

/** Reads the command line. Throws an Error whose message is meant for the person who typed it. */
export function parseHeadlessOptions(args: string[]): HeadlessOptions {
  const { values } = parseArgs({
    args,
    options: headlessOptions,
  })
  const port = Number(values.port)
  if (!/^\d+$/.test(values.port) || port > 65_535) {
    throw new Error(`--port takes a number from 0 to 65535, not "${values.port}".`)
  }
  return {
    port,
    host: values.host,
    data: values.data ?? null,
    demo: values.demo,
    open: values.open,
    passphraseFile: values['passphrase-file'] ?? null,
    publicOrigins: (values['public-url'] ?? []).map(readOrigin),
    trustedProxies: (values['trust-proxy'] ?? []).map(readAddress),
    tls: readTls(values['tls-cert'], values['tls-key']),
    unattended: values.unattended === undefined ? null : readUnlock(values.unattended, '--unattended'),
  }
}

/** Reads how a vault opens with nobody there. Throws an Error for the person, which names the option. */
export function readUnlock(text: string, option: string): Unlock {
  const how = unlocks.find((each) => each === text)
  if (how === undefined) throw new Error(`${option} takes one of ${unlocks.join(', ')}, not "${text}".`)
  return how
}

function readOrigin(text: string): string {
  const origin = readPublicOrigin(text)
  if (origin === null)
    throw new Error(`--public-url takes an address without a path, such as https://panel.example, not "${text}".`)
  return origin
}

function readAddress(text: string): string {
  const proxy = readProxy(text)
  if (proxy === null) throw new Error(`--trust-proxy takes an IP address, or an area of some, not "${text}".`)
  return proxy
}

function readTls(cert: string | undefined, key: string | undefined): HeadlessOptions['tls'] {
  if (cert === undefined && key === undefined) return null
  if (cert === undefined || key === undefined) throw new Error('--tls-cert and --tls-key go together.')
  return { cert, key }
}
