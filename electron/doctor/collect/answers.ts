import * as z from 'zod'
import type { ServiceKind } from '../../../shared/contract'
import type { HttpAnswer } from '../../kinds/http'
import { readLoginPage } from '../../kinds/comfyui/login-page'
import { parseJson } from '../../kinds/json'
import { readHereLimit } from '../../kinds/limits'
import { isRefusal } from '../../kinds/refusal'
import type { Answer, Look } from '../evidence'

/** `GET /system_stats`; the flags that concern protection are taken from its command line. */
const Stats = z.object({
  system: z.object({ comfyui_version: z.string().optional(), argv: z.array(z.string()).optional() }),
  devices: z.array(z.unknown()),
})
/** ComfyUI-Login's refusal, word for word (`password.py`). */
const LoginRefusal = z.object({ error: z.literal('Authentication required.') })
/** FastAPI's HTTPBasic, and Forge's own words. */
const ForgeRefusal = z.object({
  detail: z.enum(['Not authenticated', 'Invalid authentication credentials', 'Incorrect username or password']),
})
/** `GET /sdapi/v1/options`: any of the keys that every WebUI has. */
const ForgeOptions = z.object({ sd_model_checkpoint: z.unknown() })

/** `GET /config` of gradio, which is megabytes. */
const gradio = /"components"\s*:\s*\[/

const longest = 120

/** Words of another program, fit to be shown: one line, not too long. */
export const plainWords = (text: string): string =>
  text
    .replaceAll(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .trim()
    .slice(0, longest)

/** The JSON of a text; undefined for what is none, or longer than may be parsed where it is. */
export const jsonOf = (text: string): unknown => (text.length > readHereLimit ? undefined : parseJson(text))

const isHtml = (text: string) => /^\s*</.test(text)

function looksOf(text: string): Look {
  if (text.trim() === '') return 'empty'
  if (isHtml(text)) {
    const page = readLoginPage(text)
    if (page.isOwn) return page.password === 'unset' ? 'login-create' : 'login-sign-in'
    return /name=["']?password/i.test(text) ? 'login-sign-in' : 'other'
  }
  const json = jsonOf(text)
  if (LoginRefusal.safeParse(json).success) return 'comfyui-login'
  if (Stats.safeParse(json).success) return 'comfyui'
  if (ForgeRefusal.safeParse(json).success) return 'forge-refusal'
  if (/^\s*\{\s*\}\s*$/.test(text)) return 'empty-object'
  if (gradio.test(text)) return 'gradio'
  return ForgeOptions.safeParse(json).success ? 'forge' : 'other'
}

/** The path of a redirect; with its origin where it leads elsewhere. What follows the path may repeat a token. */
function placeOf(location: string, url: string): string {
  const base = new URL(url)
  if (!URL.canParse(location, base)) return plainWords(location.replace(/[?#].*$/, ''))
  const target = new URL(location, base)
  const path = plainWords(target.pathname)
  return target.origin === base.origin ? path : `${target.origin}${path}`
}

export const first = (value: string | string[] | undefined) =>
  Array.isArray(value) ? (value[0] ?? null) : (value ?? null)

const nobody: Omit<Answer, 'asked'> = {
  status: null,
  error: null,
  refused: false,
  looks: 'empty',
  server: null,
  via: null,
  location: null,
  challenge: null,
  allowOrigin: null,
  page: null,
  flags: [],
}

/** That nothing came back, and why. */
export const silence = (asked: string, error: string): Answer => ({ ...nobody, asked, error })

/** Reads an answer to `asked` (its method and path): its status, the headers that tell who sent it, and what its body looks like. */
export function readAnswer(asked: string, url: string, { status, headers, body }: HttpAnswer): Answer {
  const text = body.toString('utf8')
  const { location } = headers
  const [via, server] = [first(headers['via']), first(headers['server'])]
  const challenge = first(headers['www-authenticate']) ?? first(headers['proxy-authenticate'])
  const allowed = first(headers['access-control-allow-origin'])
  const argv = Stats.safeParse(jsonOf(text)).data?.system.argv ?? []
  return {
    ...nobody,
    asked,
    status,
    refused: isRefusal({ status, location: location ?? null }, url + asked.replace(/^\S+ /, '')),
    looks: looksOf(text),
    server: server === null ? null : plainWords(server),
    via: via === null ? null : plainWords(via),
    location: location === undefined ? null : placeOf(location, url),
    challenge: challenge === null ? null : plainWords(challenge),
    allowOrigin: allowed === null ? null : plainWords(allowed),
    page: isHtml(text) ? readLoginPage(text) : null,
    flags: argv.filter((word) => /^--(?:disable-all-custom-nodes|enable-cors-header)$/.test(word)),
  }
}

/** Whether an answer is one that a service of this kind gives, open or guarded. */
export function isOwn(kind: ServiceKind, { looks }: Answer): boolean {
  const own: Record<ServiceKind, readonly Look[]> = {
    comfyui: ['comfyui-login', 'comfyui'],
    forge: ['forge-refusal', 'forge'],
  }
  return own[kind].includes(looks)
}
