import { readFileSync } from 'node:fs'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { parseBehaviour, type Behaviour } from './behaviour'

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
  | (Common & { kind: 'forge'; protect: Protect; api: boolean; nowebui: boolean })

const protections = ['none', 'api', 'gradio', 'both'] as const
type Protect = (typeof protections)[number]

export const usage = `Usage:
  simulator comfyui --folder DIR [--host 127.0.0.1] [--port 8188] [--behaviour FILE] [--die-with-parent]
                    [--enable-cors-header ORIGIN] [--disable-all-custom-nodes]
  simulator forge   --folder DIR [--host 127.0.0.1] [--port 7860] [--behaviour FILE] [--die-with-parent]
                    [--protect none|api|gradio|both] [--no-api] [--nowebui]`

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
} as const

interface SharedValues {
  host?: string | undefined
  port?: string | undefined
  folder?: string | undefined
  behaviour?: string | undefined
  'die-with-parent'?: boolean | undefined
}

function common(values: SharedValues, defaultPort: number): Common {
  const { folder, host = '127.0.0.1', behaviour } = values
  if (folder === undefined || folder === '') throw new Error('--folder is missing')
  const port = values.port === undefined ? defaultPort : Number(values.port)
  if (!Number.isInteger(port) || port < 0 || port > 65535) throw new Error(`--port ${values.port ?? ''} is no port`)
  return {
    host,
    port,
    portWasGiven: values.port !== undefined,
    folder: path.resolve(folder),
    behaviour: behaviour === undefined ? {} : parseBehaviour(readFileSync(behaviour, 'utf8')),
    dieWithParent: values['die-with-parent'] === true,
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
    return { kind, ...common(values, nowebui ? 7861 : 7860), protect, api: values['no-api'] !== true, nowebui }
  }
  throw new Error(kind === undefined ? 'say which program to simulate' : `unknown program ${kind}`)
}
