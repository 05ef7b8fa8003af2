import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import { readCookies, readForm } from '../http/forms'
import { json, redirect, type Reply } from '../http/reply'
import { header, type Call } from '../http/server'
import { detail, unprocessable } from './replies'

/** Which flags the simulated program was started with. */
export interface Flags {
  api: boolean
  nowebui: boolean
  apiAuth: Account | null
  gradioAuth: Account | null
}

export interface Account {
  username: string
  password: string
}

/** Kind of a path, as far as protection goes. `none`: there is no such route under these flags. */
export type Zone =
  'api' | 'extension' | 'internal' | 'docs' | 'app' | 'gradio' | 'login' | 'login-check' | 'open' | 'none'

const extension = /^\/sdapi\/v1\/(loras|refresh-loras)$|^\/controlnet\//
const gradioProtected =
  /^\/(config|info|upload|component_server|monitoring|stream)$|^\/(queue|run|api|call|stream|monitoring)\/|^\/file[=/]|^\/proxy=/
const gradioOpen =
  /^\/(token|user|app_id|theme\.css|favicon\.ico|robots\.txt|startup-events|logout)$|^\/(static|assets|heartbeat)\//

/** Sorts a path. `apiReady` is false while, or when for good, the API routes were not added. */
export function zoneOf(path: string, flags: Flags, apiReady: boolean): Zone {
  const webui = !flags.nowebui
  if (/^\/(docs|redoc|openapi\.json)$/.test(path)) return 'docs'
  if (extension.test(path)) return apiReady ? 'extension' : 'none'
  if (path.startsWith('/sdapi/')) return apiReady && (flags.api || flags.nowebui) ? 'api' : 'none'
  if (!webui) return 'none'
  if (/^\/(internal|sd_extra_networks)\//.test(path)) return apiReady ? 'internal' : 'none'
  if (path === '/') return 'app'
  if (path === '/login') return 'login'
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

/** HTTP Basic as FastAPI's `HTTPBasic` reads it, then Forge's compare. */
function checkBasic(authorization: string | null, account: Account): Reply | null {
  const [scheme = '', given = ''] = (authorization ?? '').split(' ', 2)
  if (scheme.toLowerCase() !== 'basic' || given === '') return challenge('Not authenticated')
  const bytes = Buffer.from(given, 'base64')
  const wellFormed = /^[A-Za-z0-9+/]+={0,2}$/.test(given) && given.length % 4 === 0
  // Credentials are decoded as ASCII.
  if (!wellFormed || bytes.some((byte) => byte > 127) || !bytes.includes(0x3a)) {
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
      if (!account) return redirect('/')
      const form = await readForm(call)
      const [username, password] = [form?.fields.get('username'), form?.fields.get('password')]
      if (username === undefined || password === undefined) {
        const missing = [
          ...(username === undefined ? ['username'] : []),
          ...(password === undefined ? ['password'] : []),
        ]
        return unprocessable(
          missing.map((name) => ({ type: 'missing', loc: ['body', name], msg: 'Field required', input: null })),
        )
      }
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
