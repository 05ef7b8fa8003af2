import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'

export const usage = `Usage: npm run conformance -- [--comfyui URL …] [--forge URL …] [--allow-changes]

Asks real installations what the simulators are tested with, and prints each row that differs.

  --comfyui URL              a ComfyUI
    --password-file FILE     its login/PASSWORD or a copy of it: line 1 is the token
    --web-password-file FILE the password itself, in one line: for the rows that sign in
    --folder DIR             its folder, where it lies on this machine: for the rows that write there
    --restart FILE           a program that restarts it at the same address: for the rows that need a restart
  --forge URL                a Forge
    --account-file FILE      user:password of its API and its web page
  --allow-changes            asks the rows that leave something behind, too: pictures, uploads, jobs, a password where
                             none is set. What others run is never interrupted.
  --through-gateway          asks through a gateway of Regie's own, as its administrator: nothing in front of a service may
                             change what a client sees (a path that leads upwards it refuses itself)
  --timeout SECONDS          for one row (60)
  --help

Secrets are read from files only. A first row that the installation answers wrongly ends nothing: every row is asked.`

export interface ComfyuiAccess {
  url: string
  token: string | null
  webPassword: string | null
  folder: string | null
  restart: string | null
}

export interface ForgeAccess {
  url: string
  account: { username: string; password: string } | null
}

export interface Options {
  comfyui: ComfyuiAccess | null
  forge: ForgeAccess | null
  allowChanges: boolean
  throughGateway: boolean
  timeoutMs: number
}

const flags = {
  comfyui: { type: 'string' },
  'password-file': { type: 'string' },
  'web-password-file': { type: 'string' },
  folder: { type: 'string' },
  restart: { type: 'string' },
  forge: { type: 'string' },
  'account-file': { type: 'string' },
  'allow-changes': { type: 'boolean' },
  'through-gateway': { type: 'boolean' },
  timeout: { type: 'string' },
  help: { type: 'boolean' },
} as const

/** The first line of a file, without its line end. */
const firstLine = (file: string) => readFileSync(file, 'utf8').split(/\r?\n/)[0] ?? ''
/** An empty file holds no secret. */
const line = (file: string | undefined) => (file === undefined ? null : firstLine(file) || null)

function address(name: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : null
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error(`--${name} ${value} is no address`)
  if (url.username !== '' || url.password !== '')
    throw new Error(`--${name} carries a password: secrets are read from files only`)
  return url.origin + url.pathname.replace(/\/$/, '')
}

function accountIn(file: string | undefined): ForgeAccess['account'] {
  if (file === undefined) return null
  const text = firstLine(file)
  const colon = text.indexOf(':')
  if (colon < 1) throw new Error('the account file holds no user:password')
  return { username: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Reads the command line; null for `--help`. Throws an Error that says what is wrong with it. */
export function parseOptions(args: readonly string[]): Options | null {
  const { values } = parseArgs({ args: [...args], options: flags })
  if (values.help === true) return null
  const { comfyui, forge } = values
  if (comfyui === undefined && forge === undefined)
    throw new Error('name an installation: --comfyui URL or --forge URL')
  const seconds = Number(values.timeout ?? 60)
  if (!(seconds > 0)) throw new Error(`--timeout ${values.timeout ?? ''} is no time`)
  return {
    comfyui:
      comfyui === undefined
        ? null
        : {
            url: address('comfyui', comfyui),
            token: line(values['password-file']),
            webPassword: line(values['web-password-file']),
            folder: values.folder ?? null,
            restart: values.restart ?? null,
          },
    forge: forge === undefined ? null : { url: address('forge', forge), account: accountIn(values['account-file']) },
    allowChanges: values['allow-changes'] === true,
    throughGateway: values['through-gateway'] === true,
    timeoutMs: seconds * 1000,
  }
}
