import bcrypt from 'bcryptjs'
import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { readCookies, readForm } from '../http/forms'
import type { OutgoingHttpHeaders } from 'node:http'
import { html, json, missing, text, type Reply } from '../http/reply'
import { header, type Call } from '../http/server'
import type { Log } from '../log'
import { openFernet, sealFernet } from './fernet'
import { loginPage, loginStyle } from './pages'

export const aiohttpError = text(500, '500 Internal Server Error\n\nServer got itself in trouble')

/** A redirect as aiohttp raises it: with a body. */
const redirect = (location: string, headers: OutgoingHttpHeaders = {}): Reply => {
  const { body, ...found } = text(302, '302: Found')
  return { ...found, headers: { ...found.headers, location, ...headers }, body }
}

const refusedReply = json({ error: 'Authentication required.' }, 401, 'application/json; charset=utf-8')

/** ComfyUI-Login: the middleware and the routes that it adds (liusida/ComfyUI-Login `password.py`). */
export interface Login {
  /** Answers in place of the server, or null to let the request through. */
  guard: (call: Call) => Reply | null
  form: (call: Call) => Promise<Reply>
  page: (call: Call) => Reply
  logout: () => Reply
  /** Whether the one who asks is a guest. */
  guestMode: (call: Call) => Reply
  /** The page's own style sheets, `/old_css/`. */
  style: (name: string) => Reply
}

/** What a request brings to the decision. */
export interface Attempt {
  method: string
  path: string
  accept: string
  authorization: string | null
  queryToken: string | null
  origin: string | null
  session: 'none' | 'logged-in' | 'guest'
}

export type Decision = 'allow' | 'pretend' | 'redirect' | 'refuse' | 'crash'

const exempt = /\.(css|css\.map|js|ico)$/

/**
 * The middleware's decision, in its own order. `pretend` is the guest's 200 `{}` that does nothing; `crash` the 500 of
 * an Authorization header that is not two words. `token` is read late, for an empty one is read again each time.
 */
export function decide(attempt: Attempt, cors: string | null, token: () => string): Decision {
  if (attempt.path === '/login' || exempt.test(attempt.path)) return 'allow'
  if (attempt.session === 'logged-in') return 'allow'
  if (attempt.session === 'guest') {
    const open =
      attempt.method === 'GET' || (attempt.method === 'POST' && ['/prompt', '/upload/image'].includes(attempt.path))
    return open ? 'allow' : 'pretend'
  }
  if (cors === null || cors === '*' || cors === attempt.origin) {
    const expected = token()
    // An empty header counts as none.
    if (attempt.authorization !== null && attempt.authorization !== '') {
      const [scheme, given, ...more] = attempt.authorization.trim().split(/\s+/)
      if (given === undefined || more.length > 0) return 'crash'
      if (scheme === 'Bearer' && given === expected) return 'allow'
    }
    if (attempt.queryToken !== null && attempt.queryToken === expected) return 'allow'
  }
  return attempt.accept.includes('text/html') ? 'redirect' : 'refuse'
}

/** What Python's `fromisoformat` takes; `Z` only for the files that this program wrote before it knew better. */
const isoTime = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d{3}(?:\d{3})?)?Z?$/
/** Python's `strip`: of what JavaScript takes for a blank it keeps a byte order mark. */
const strip = (text: string) => text.replaceAll(/^(?:(?!\ufeff)\s)+|(?:(?!\ufeff)\s)+$/g, '')

const monthMs = 30 * 24 * 3600 * 1000

/** The cookie key: kept in a file, made anew when it is missing or a month old. A file of another shape ends the import. */
function sessionKey(folder: string): string {
  const file = path.join(folder, 'custom_nodes', 'ComfyUI-Login', '.secret-key.txt')
  if (existsSync(file)) {
    const parts = readFileSync(file, 'utf8').split(',')
    const [key = '', time = ''] = parts
    if (parts.length < 2) throw new Error('not enough values to unpack (expected 2, got 1)')
    if (parts.length > 2) throw new Error('too many values to unpack (expected 2)')
    if (!isoTime.test(time)) throw new Error('Invalid isoformat string')
    if (Date.now() - Date.parse(time) < monthMs) {
      if (!/^[A-Za-z0-9_-]{43}=$/.test(key)) throw new Error('Fernet key must be 32 url-safe base64-encoded bytes.')
      return key
    }
  }
  mkdirSync(path.dirname(file), { recursive: true })
  const key = randomBytes(32).toString('base64').replaceAll('+', '-').replaceAll('/', '_')
  writeFileSync(file, `${key},${new Date().toISOString().replace('Z', '000')}`, { mode: 0o600 })
  return key
}

/** The PASSWORD file and what the node remembers of it. */
function createPasswordFile(folder: string, log: Log) {
  const file = path.join(folder, 'login', 'PASSWORD')
  const old = path.join(folder, 'PASSWORD')
  mkdirSync(path.dirname(file), { recursive: true })
  if (existsSync(old)) renameSync(old, file)
  const firstLine = () => (existsSync(file) ? strip(readFileSync(file, 'utf8').split('\n')[0] ?? '') : '')
  let token = firstLine()
  if (token === '') {
    log.error('Please set up your password before use. The token will be a hashed string derived from your password.')
  } else {
    // The real program prints its secret at each start; whoever shows this log has to hide it.
    log.info(`For direct API calls, use token=${token}`)
  }
  /** The form's own copy: the hash as it stands in the file, a carriage return included; no name is null. */
  let cached: { hash: string; username: string | null } | null = null
  return {
    /** Read once; an empty token is read again on every request, so that a first password works at once. */
    token() {
      if (token === '') token = firstLine()
      return token
    },
    exists: () => existsSync(file),
    stored() {
      if (cached) return cached
      const [hash = '', username = ''] = readFileSync(file, 'utf8').split('\n')
      cached = { hash, username: strip(username) || null }
      return cached
    },
    write(hash: string, username: string) {
      writeFileSync(file, `${hash}\n${username}`, { mode: 0o600 })
      cached = { hash, username }
    },
    writeEmpty: () => writeFileSync(file, '', { mode: 0o600 }),
  }
}

/** Thrown by Python's bcrypt for a stored text that is no hash. */
class InvalidSalt extends Error {}

async function passwordFits(password: string, hash: string): Promise<boolean> {
  if (hash === '') return false
  if (!/^\$2[abxy]\$\d\d\$/.test(hash)) throw new InvalidSalt('Invalid salt')
  return bcrypt.compare(password, hash)
}

/** Sets up the node. Throws where its import would fail; the server then goes on without any protection. */
export function createLogin(options: { folder: string; cors: string | null; log: Log }): Login {
  const { folder, cors, log } = options
  const key = sessionKey(folder)
  const passwords = createPasswordFile(folder, log)
  const guestsWelcome = () => existsSync(path.join(folder, 'login', 'GUEST_MODE'))

  const cookie = (session: Record<string, boolean>) => {
    const sealed = sealFernet(key, JSON.stringify({ created: Math.floor(Date.now() / 1000), session }))
    return { 'set-cookie': `AIOHTTP_SESSION=${sealed}; HttpOnly; Path=/` }
  }

  function sessionOf(call: Call): Attempt['session'] {
    const sealed = readCookies(call).get('AIOHTTP_SESSION')
    const opened = sealed === undefined ? null : openFernet(key, sealed.replaceAll('"', ''))
    if (opened === null) return 'none'
    if (/"logged_in":true/.test(opened)) return 'logged-in'
    return /"guest_mode":true/.test(opened) ? 'guest' : 'none'
  }

  /** What Python raises and aiohttp answers for; the real program prints where, too. */
  function crashed(call: Call, why: string): Reply {
    log.error(`Error handling request from ${call.request.socket.remoteAddress ?? 'unknown'}`)
    log.error(`Traceback (most recent call last):\n  File "password.py", in ${call.method} ${call.path}\n${why}`)
    return aiohttpError
  }

  const noName = "AttributeError: 'NoneType' object has no attribute 'encode'"

  async function signIn(call: Call, password: string, username: string | undefined): Promise<Reply> {
    const { hash, username: known } = passwords.stored()
    if (!(await passwordFits(password, hash))) return redirect('/login?wrong_password=1')
    if (known !== null && known !== '') return redirect('/', cookie({ logged_in: true }))
    // The node opens the file for writing before it looks for the name.
    if (username === undefined) {
      passwords.writeEmpty()
      return crashed(call, noName)
    }
    passwords.write(hash, username)
    return redirect('/', cookie({ logged_in: true }))
  }

  return {
    guard(call) {
      const attempt: Attempt = {
        method: call.method,
        path: call.path,
        accept: header(call, 'accept') ?? '',
        authorization: header(call, 'authorization'),
        queryToken: call.query.get('token'),
        origin: header(call, 'origin'),
        session: sessionOf(call),
      }
      const decision = decide(attempt, cors, () => passwords.token())
      switch (decision) {
        case 'allow':
          return null
        case 'pretend':
          return json({}, 200, 'application/json; charset=utf-8')
        case 'redirect':
          return redirect('/login')
        case 'refuse':
          return refusedReply
        case 'crash':
          return crashed(call, 'ValueError: not enough values to unpack (expected 2, got 1)')
        default:
          return decision satisfies never
      }
    },
    page(call) {
      if (sessionOf(call) === 'logged-in') return redirect('/')
      const isFirst = !passwords.exists()
      return html(
        loginPage({
          isFirst,
          username: isFirst ? null : passwords.stored().username,
          wasWrong: (call.query.get('wrong_password') ?? '') !== '',
          guests: guestsWelcome(),
        }),
      )
    },
    guestMode: (call) => json({ guestMode: sessionOf(call) === 'guest' }, 200, 'application/json; charset=utf-8'),
    style: (name) =>
      name === 'style.css' ? { status: 200, headers: { 'content-type': 'text/css' }, body: loginStyle } : missing(),
    logout: () => redirect('/login', cookie({})),
    async form(call) {
      const form = await readForm(call)
      const password = form?.fields.get('password')
      const username = form?.fields.get('username')
      if (password === undefined) return crashed(call, noName)
      if (form?.fields.get('guest_mode') === '1' && guestsWelcome()) return redirect('/', cookie({ guest_mode: true }))
      try {
        if (passwords.exists()) return await signIn(call, password, username)
      } catch (error) {
        if (error instanceof InvalidSalt) return crashed(call, 'ValueError: Invalid salt')
        throw error
      }
      if (bcrypt.truncates(password)) return crashed(call, 'ValueError: password cannot be longer than 72 bytes')
      if (username === undefined) {
        // As above: first the file, then the name.
        passwords.writeEmpty()
        return crashed(call, noName)
      }
      passwords.write(await bcrypt.hash(password, 12), username)
      return redirect('/', cookie({ logged_in: true }))
    },
  }
}
