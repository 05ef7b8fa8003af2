import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readCookies, readForm } from '../http/forms'
import { json, redirect, type Reply } from '../http/reply'
import { header, type Call } from '../http/server'
import { detail, unprocessable } from './replies'

/** Which flags the simulated program was started with. */
export interface Flags {
  api: boolean
  nowebui: boolean
  neo: boolean
  apiAuth: Account | null
  gradioAuth: Account | null
}

export interface Account {
  username: string
  password: string
}

/** Kind of a path, as far as protection goes. `none`: there is no such route under these flags. */
export type Zone =
  | 'api'
  | 'extension'
  | 'internal'
  | 'docs'
  | 'app'
  | 'gradio'
  | 'login'
  | 'login-check'
  | 'open'
  | 'none'

/** What extensions add; the last routes of a start, with those of the extra networks. */
const extension = /^\/sdapi\/v1\/(loras|refresh-loras)$|^\/controlnet\//
const gradioProtected =
  /^\/(config\/?|info\/?|upload|component_server|monitoring)$|^\/(queue|run|api|call|stream|monitoring)\/|^\/file[=/]|^\/proxy=/
const gradioOpen =
  /^\/(token|user|app_id|theme\.css|favicon\.ico|robots\.txt|startup-events|logout|cancel)$|^\/(static|assets|heartbeat)\//

/**
 * How far a start has come: gradio alone, then the web interface's own routes, then the API's and those of extensions. A
 * broken `--api-auth` ends it in the middle.
 */
export type Stage = 'gradio' | 'internal' | 'whole'

/** Sorts a path, by the flags and by what has been added. */
export function zoneOf(path: string, flags: Flags, stage: Stage): Zone {
  const webui = !flags.nowebui
  const isWhole = stage === 'whole'
  if (/^\/(docs|redoc|openapi\.json)$/.test(path)) return 'docs'
  if (extension.test(path)) return isWhole ? 'extension' : 'none'
  if (path.startsWith('/sdapi/')) return isWhole && (flags.api || flags.nowebui) ? 'api' : 'none'
  if (!webui) return 'none'
  if (path.startsWith('/sd_extra_networks/')) return isWhole ? 'internal' : 'none'
  if (path.startsWith('/internal/')) return stage === 'gradio' ? 'none' : 'internal'
  if (path === '/') return 'app'
  if (path === '/login' || path === '/login/') return 'login'
  if (path === '/login_check') return 'login-check'
  if (gradioProtected.test(path)) return 'gradio'
  return gradioOpen.test(path) ? 'open' : 'none'
}

function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}

const challenge = (message: string): Reply => ({
  ...detail(401, message),
  headers: { 'content-type': 'application/json', 'www-authenticate': 'Basic' },
})

/** Base64 as Python's `b64decode` reads it: other signs are skipped, and a padding ends it. Null: incorrect padding. */
function decodeBase64(text: string): Buffer | null {
  let quads = ''
  for (const sign of text.replaceAll(/[^A-Za-z0-9+/=]/g, '')) {
    if (sign !== '=') quads += sign
    else if (quads.length % 4 >= 2) {
      const padded = text.replaceAll(/[^=]/g, '').length
      return quads.length % 4 === 2 && padded < 2 ? null : Buffer.from(quads, 'base64')
    }
  }
  return quads.length % 4 === 0 ? Buffer.from(quads, 'base64') : null
}

/** HTTP Basic as FastAPI's `HTTPBasic` reads it, then Forge's compare. */
function checkBasic(authorization: string | null, account: Account): Reply | null {
  const [scheme = '', ...given] = (authorization ?? '').split(' ')
  if (scheme.toLowerCase() !== 'basic') return challenge('Not authenticated')
  const bytes = decodeBase64(given.join(' '))
  // Credentials are decoded as ASCII.
  if (!bytes || bytes.some((byte) => byte > 127) || !bytes.includes(0x3a)) {
    return challenge('Invalid authentication credentials')
  }
  const [username = '', ...rest] = bytes.toString('latin1').split(':')
  const right = sameText(username, account.username) && sameText(rest.join(':'), account.password)
  return right ? null : challenge('Incorrect username or password')
}

/** Gradio's login: sessions in memory, so that a restart ends them all. */
export interface GradioLogin {
  isSignedIn: (call: Call) => boolean
  submit: (call: Call) => Promise<Reply>
  logout: () => Reply
}

export function createGradioLogin(account: Account | null): GradioLogin {
  const id = randomBytes(16).toString('base64url')
  const tokens = new Set<string>()
  const names = [`access-token-${id}`, `access-token-unsecure-${id}`] as const
  return {
    isSignedIn(call) {
      const cookies = readCookies(call)
      return names.some((name) => tokens.has(cookies.get(name) ?? ''))
    },
    async submit(call) {
      const form = await readForm(call)
      // An empty field of a form is none.
      const [username, password] = ['username', 'password'].map((name) => form?.fields.get(name) || null)
      if (username === null || username === undefined || password === null || password === undefined) {
        const missing = [...(username ? [] : ['username']), ...(password ? [] : ['password'])]
        return unprocessable(
          missing.map((name) => ({ type: 'missing', loc: ['body', name], msg: 'Field required', input: null })),
        )
      }
      if (!account) return redirect('/')
      const right = sameText(username.trim(), account.username) && sameText(password, account.password)
      if (!right) return detail(400, 'Incorrect credentials.')
      const token = randomBytes(16).toString('base64url')
      tokens.add(token)
      const reply = json({ success: true })
      const cookies = [
        `${names[0]}=${token}; HttpOnly; Path=/; SameSite=none; Secure`,
        `${names[1]}=${token}; HttpOnly; Path=/; SameSite=lax`,
      ]
      return { ...reply, headers: { ...reply.headers, 'set-cookie': cookies } }
    },
    logout: () => redirect('/', { 'set-cookie': names.map((name) => `${name}=; HttpOnly; Path=/; Max-Age=0`) }),
  }
}

/** The guard in front of the routes: an answer that refuses, or null. */
export function guard(call: Call, zone: Zone, flags: Flags, login: GradioLogin): Reply | null {
  if (zone === 'api' && flags.apiAuth) return checkBasic(header(call, 'authorization'), flags.apiAuth)
  if ((zone === 'gradio' || zone === 'login-check') && flags.gradioAuth && !login.isSignedIn(call)) {
    return detail(401, 'Not authenticated')
  }
  return null
}
