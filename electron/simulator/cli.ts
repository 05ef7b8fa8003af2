import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parseBehaviour, type Behaviour } from './behaviour'
import { proxyWays, type ProxyWays } from './proxy'

interface Common {
  host: string
  port: number
  /** Whether the port was named on the command line. */
  portWasGiven: boolean
  folder: string
  behaviour: Partial<Behaviour>
  dieWithParent: boolean
}

export type Command =
  | (Common & { kind: 'comfyui'; cors: string | null; withoutLogin: boolean })
  | (Common & { kind: 'forge'; protect: Protect; api: boolean; nowebui: boolean; neo: boolean })
  | (Omit<Common, 'folder' | 'behaviour'> & { kind: 'proxy'; to: string; ways: ProxyWays })

const protections = ['none', 'api', 'gradio', 'both'] as const
type Protect = (typeof protections)[number]

export const usage = `Usage:
  simulator comfyui --folder DIR [--host 127.0.0.1] [--port 8188] [--behaviour FILE] [--die-with-parent]
                    [--enable-cors-header ORIGIN] [--disable-all-custom-nodes]
  simulator forge   --folder DIR [--host 127.0.0.1] [--port 7860] [--behaviour FILE] [--die-with-parent]
                    [--protect none|api|gradio|both] [--no-api] [--nowebui] [--neo]
  simulator proxy   --to URL [--ways pass|login|basic|proxy-auth|drop-authorization|add-origin] [--host 127.0.0.1]
                    [--port 8080] [--die-with-parent]`

const shared = {
  host: { type: 'string' },
  port: { type: 'string' },
  folder: { type: 'string' },
  behaviour: { type: 'string' },
  'die-with-parent': { type: 'boolean' },
} as const

const comfyuiFlags = {
  ...shared,
  'enable-cors-header': { type: 'string' },
  'disable-all-custom-nodes': { type: 'boolean' },
} as const

const forgeFlags = {
  ...shared,
  protect: { type: 'string' },
  'no-api': { type: 'boolean' },
  nowebui: { type: 'boolean' },
  neo: { type: 'boolean' },
} as const

const proxyFlags = {
  host: { type: 'string' },
  port: { type: 'string' },
  to: { type: 'string' },
  ways: { type: 'string' },
  'die-with-parent': { type: 'boolean' },
} as const

interface SharedValues {
  host?: string | undefined
  port?: string | undefined
  folder?: string | undefined
  behaviour?: string | undefined
  'die-with-parent'?: boolean | undefined
}

function place(values: SharedValues, defaultPort: number) {
  const { host = '127.0.0.1' } = values
  const port = values.port === undefined ? defaultPort : Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port ${values.port ?? ''} is no port`)
  const portWasGiven = values.port !== undefined
  return { host, port, portWasGiven, dieWithParent: values['die-with-parent'] === true }
}

function common(values: SharedValues, defaultPort: number): Common {
  const { folder, behaviour } = values
  if (folder === undefined || folder === '') throw new Error('--folder is missing')
  return {
    ...place(values, defaultPort),
    folder: path.resolve(folder),
    behaviour: behaviour === undefined ? {} : parseBehaviour(readFileSync(behaviour, 'utf8')),
  }
}

/** Reads the command line. Throws an Error that says what is wrong with it. */
export function parseCommand([kind, ...args]: readonly string[]): Command {
  if (kind === 'comfyui') {
    const { values } = parseArgs({ args, options: comfyuiFlags })
    return {
      kind,
      ...common(values, 8188),
      cors: values['enable-cors-header'] ?? null,
      withoutLogin: values['disable-all-custom-nodes'] === true,
    }
  }
  if (kind === 'forge') {
    const { values } = parseArgs({ args, options: forgeFlags })
    const protect = protections.find((known) => known === (values.protect ?? 'both'))
    if (!protect) throw new Error(`--protect ${values.protect ?? ''} is none of ${protections.join(', ')}`)
    const nowebui = values.nowebui === true
    const flags = { protect, api: values['no-api'] !== true, nowebui, neo: values.neo === true }
    return { kind, ...common(values, nowebui ? 7861 : 7860), ...flags }
  }
  if (kind === 'proxy') {
    const { values } = parseArgs({ args, options: proxyFlags })
    const { to = '' } = values
    if (!URL.canParse(to)) throw new Error(`--to ${to} is no address`)
    const ways = proxyWays.find((known) => known === (values.ways ?? 'pass'))
    if (!ways) throw new Error(`--ways ${values.ways ?? ''} is none of ${proxyWays.join(', ')}`)
    return { kind, ...place(values, 8080), to, ways }
  }
  throw new Error(kind === undefined ? 'say which program to simulate' : `unknown program ${kind}`)
}
