import bcrypt from 'bcryptjs'
import { existsSync } from 'node:fs'
import type { OutgoingHttpHeaders } from 'node:http'
import path from 'node:path'
import { readForm } from '../http/forms'
import { html, json, missing, text, type Reply } from '../http/reply'
import { header, type Call } from '../http/server'
import type { Log } from '../log'
import { loginPage, loginStyle } from './pages'
import { createPasswordFile, InvalidSalt, passwordFits, type PasswordFile } from './password-file'
import { createSessionCookies, type Session, type SessionCookies } from './session-cookie'

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
  session: Session
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

/** What Python raises and aiohttp answers for; the real program prints where, too. */
function crashed(log: Log, call: Call, why: string): Reply {
  log.error(`Error handling request from ${call.request.socket.remoteAddress ?? 'unknown'}`)
  log.error(`Traceback (most recent call last):\n  File "password.py", in ${call.method} ${call.path}\n${why}`)
  return aiohttpError
}

const attemptOf = (call: Call, session: Session): Attempt => ({
  method: call.method,
  path: call.path,
  accept: header(call, 'accept') ?? '',
  authorization: header(call, 'authorization'),
  queryToken: call.query.get('token'),
  origin: header(call, 'origin'),
  session,
})

const noName = "AttributeError: 'NoneType' object has no attribute 'encode'"

/** What the form of the login page works on. */
interface Form {
  passwords: PasswordFile
  cookie: SessionCookies['cookie']
  guestsWelcome: () => boolean
  log: Log
}

interface Credentials {
  password: string
  username: string | undefined
}

async function signIn(
  { passwords, cookie, log }: Form,
  call: Call,
  { password, username }: Credentials,
): Promise<Reply> {
  const { hash, username: known } = passwords.stored()
  if (!(await passwordFits(password, hash))) return redirect('/login?wrong_password=1')
  if (known !== null && known !== '') return redirect('/', cookie({ logged_in: true }))
  // The node opens the file for writing before it looks for the name.
  if (username === undefined) {
    passwords.writeEmpty()
    return crashed(log, call, noName)
  }
  passwords.write(hash, username)
  return redirect('/', cookie({ logged_in: true }))
}

/** The form: a guest, a sign-in, or the first password. */
async function answerForm(parts: Form, call: Call): Promise<Reply> {
  const { passwords, cookie, guestsWelcome, log } = parts
  const form = await readForm(call)
  const password = form?.fields.get('password')
  const username = form?.fields.get('username')
  if (password === undefined) return crashed(log, call, noName)
  if (form?.fields.get('guest_mode') === '1' && guestsWelcome()) return redirect('/', cookie({ guest_mode: true }))
  try {
    if (passwords.exists()) return await signIn(parts, call, { password, username })
  } catch (error) {
    if (error instanceof InvalidSalt) return crashed(log, call, 'ValueError: Invalid salt')
    throw error
  }
  if (bcrypt.truncates(password)) return crashed(log, call, 'ValueError: password cannot be longer than 72 bytes')
  if (username === undefined) {
    // As above: first the file, then the name.
    passwords.writeEmpty()
    return crashed(log, call, noName)
  }
  passwords.write(await bcrypt.hash(password, 12), username)
  return redirect('/', cookie({ logged_in: true }))
}

/** Sets up the node. Throws where its import would fail; the server then goes on without any protection. */
export function createLogin(options: { folder: string; cors: string | null; log: Log }): Login {
  const { folder, cors, log } = options
  const { cookie, sessionOf } = createSessionCookies(folder)
  const passwords = createPasswordFile(folder, log)
  const guestsWelcome = () => existsSync(path.join(folder, 'login', 'GUEST_MODE'))
  const form = { passwords, cookie, guestsWelcome, log }

  return {
    guard(call) {
      const decision = decide(attemptOf(call, sessionOf(call)), cors, () => passwords.token())
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
          return crashed(log, call, 'ValueError: not enough values to unpack (expected 2, got 1)')
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
    form: (call) => answerForm(form, call),
  }
}
