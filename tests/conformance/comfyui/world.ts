import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { ComfyuiAccess } from '../options'
import { restartMs, type Row, type World } from '../row'
import { ask, cookiesOf, form, type Question } from '../talk'
import { until } from '../../support/until'

/** What ComfyUI-Login does here: not there, no password yet, an empty PASSWORD file, or a password. */
export type LoginState = 'absent' | 'unset' | 'empty' | 'set'

export interface ComfyuiFacts {
  login: LoginState
  /** Whether guests are let in (the GUEST_MODE file is there). */
  guests: boolean
  /** What only the credential tells; null where it is not known. */
  version: string | null
  argv: readonly string[]
  /** A checkpoint that can be loaded; null: none is there, or nobody may ask. */
  checkpoint: string | null
  /** Whether a picture in a model-free workflow may be made: the installation lets us in. */
  open: boolean
}

export interface ComfyuiWorld extends World {
  facts: ComfyuiFacts
  token: string | null
  webPassword: string | null
  /** Its folder on this machine. */
  folder: string | null
  /** Starts it anew at the same address, and resolves when it answers. */
  restart: (() => Promise<void>) | null
  guestCookie: string | null
}

export type ComfyuiRow = Row<ComfyuiWorld>

const Stats = z.object({ system: z.object({ comfyui_version: z.string(), argv: z.array(z.string()) }) })

/** Of the right shape, and nobody's. */
export const wrongToken = '$2b$12$conformanceconformanceconformanceconformanceconfo'

const headersOf = (token: string | null) => (credential: 'none' | 'wrong' | 'right') => {
  const value = { none: null, wrong: wrongToken, right: token }[credential]
  const headers: Record<string, string> = value === null ? {} : { authorization: `Bearer ${value}` }
  return headers
}

async function readLogin(url: string): Promise<{ login: LoginState; guests: boolean }> {
  const stranger = await ask(url, { path: '/system_stats' })
  if (stranger.status === 200 && Stats.safeParse(stranger.json).success) return { login: 'absent', guests: false }
  const refusal = stranger.status === 401 && /"Authentication required\."/.test(stranger.text)
  if (!refusal) throw new Error(`${url}/system_stats answers ${stranger.status}: this is no ComfyUI that can be asked`)
  const [page, empty] = await Promise.all([ask(url, { path: '/login' }), ask(url, { path: '/system_stats?token=' })])
  const guests = page.text.includes('value="Guest Mode"')
  if (empty.status !== 200) return { login: 'set', guests }
  return { login: page.text.includes('For your first login') ? 'unset' : 'empty', guests }
}

async function firstCheckpoint(url: string, headers: Record<string, string>): Promise<string | null> {
  const answer = await ask(url, { path: '/models/checkpoints', headers })
  const names = z.array(z.string()).safeParse(answer.json)
  return names.data?.[0] ?? null
}

/** Looks at an installation as far as the rows depend on it. Sends nothing that changes anything. */
export async function lookAtComfyui(access: ComfyuiAccess): Promise<ComfyuiWorld> {
  const { url, token, webPassword, folder, restart } = access
  const { login, guests } = await readLogin(url)
  const headers = headersOf(login === 'absent' ? null : token)
  const stats = Stats.safeParse((await ask(url, { path: '/system_stats', headers: headers('right') })).json).data
  const open = stats !== undefined
  const guest = guests ? await ask(url, { path: '/login', ...form({ guest_mode: '1', password: '' }) }) : null
  return {
    url,
    headers,
    secrets: [token, webPassword].filter((secret) => secret !== null),
    token,
    webPassword,
    folder,
    restart:
      restart === null
        ? null
        : async () => {
            await promisify(execFile)(restart, [])
            await until('the installation to answer again', () => ask(url, { path: '/system_stats' }), restartMs)
          },
    guestCookie: guest ? cookiesOf(guest) : null,
    facts: {
      login,
      guests,
      version: stats?.system.comfyui_version ?? null,
      argv: stats?.system.argv ?? [],
      checkpoint: open ? await firstCheckpoint(url, headers('right')) : null,
      open,
    },
  }
}

/** Asks as who is let in. */
export const askIn = (world: ComfyuiWorld, question: Question, signal?: AbortSignal) =>
  ask(world.url, { ...question, headers: { ...world.headers('right'), ...question.headers } }, signal)

const flag = (world: ComfyuiWorld, name: string) => {
  const at = world.facts.argv.indexOf(name)
  return at < 0 ? null : (world.facts.argv[at + 1] ?? '*')
}

/** The value of `--enable-cors-header`; null where it is not given, or nobody tells. */
export const corsOf = (world: ComfyuiWorld) => flag(world, '--enable-cors-header')

type Skip = NonNullable<ComfyuiRow['skip']>

/** The first reason that one of the conditions gives. */
export const all =
  (...conditions: readonly Skip[]): Skip =>
  (world) => {
    for (const condition of conditions) {
      const why = condition(world)
      if (why !== null) return why
    }
    return null
  }

const when =
  (fits: (world: ComfyuiWorld) => boolean, why: string): Skip =>
  (world) =>
    fits(world) ? null : why

export const needs = {
  login: (...states: readonly LoginState[]): Skip =>
    when(({ facts }) => states.includes(facts.login), `ComfyUI-Login: only ${states.join(' or ')}`),
  letIn: when(({ facts }) => facts.open, 'needs --password-file with the right token'),
  token: when(({ facts, token }) => facts.open && token !== null, 'needs --password-file with the right token'),
  webPassword: when(({ webPassword }) => webPassword !== null, 'needs --web-password-file'),
  guests: when(({ facts }) => facts.guests, 'only with the GUEST_MODE file'),
  noGuests: when(({ facts }) => !facts.guests, 'only without the GUEST_MODE file'),
  folder: when(({ folder }) => folder !== null, 'needs --folder'),
  restart: when(({ restart }) => restart !== null, 'needs --restart'),
  checkpoint: when(({ facts }) => facts.checkpoint !== null, 'needs a checkpoint'),
  /** Neither `*` nor an origin: the usual start. */
  noCors: when((world) => corsOf(world) === null, 'only without --enable-cors-header'),
} as const
