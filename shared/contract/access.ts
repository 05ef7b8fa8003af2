import * as z from 'zod'
import { AccountId } from './accounts'
import { gives, procedure, RecordId, Timestamp } from './base'

export const Role = z.enum(['user', 'admin'])
export type Role = z.infer<typeof Role>

export const Password = z.string().min(1).max(1024)
const Token = z.string().min(1).max(512)

/** Which roles have a password. */
const Passwords = z.object({ admin: z.boolean(), user: z.boolean() })

export const Session = z.object({
  /** What may be done now; null for a stranger. */
  role: Role.nullable(),
  /** Who I am; null for a stranger. */
  account: AccountId.nullable(),
  door: z.enum(['desktop', 'http']),
  /** The app lock: nothing is answered until the password was given. */
  locked: z.boolean(),
  /** On the desktop, with an admin password: the owner may do what an administrator may, after giving it. */
  adminOnDemand: z.boolean(),
  /** Until when the owner's password opens administrator's actions. */
  adminUntil: Timestamp.nullable(),
  passwords: Passwords,
})
export type Session = z.infer<typeof Session>

/** What a sign-in is answered with. */
export const SignedIn = Session.extend({
  /**
   * In a browser the second half of the session, without which its cookie opens nothing: to be kept in the page's own
   * storage and sent as `X-Regie-Page` (what stands before the point). Null for everybody else.
   */
  pageKey: z.string().nullable(),
})

/** Minutes without a touch of keyboard or mouse after which a session is locked; 0 never does. */
export const AutoLock = z.union([z.literal(0), z.literal(1), z.literal(5), z.literal(15), z.literal(30), z.literal(60)])
export type AutoLock = z.infer<typeof AutoLock>

export const AccessStatus = z.object({ passwords: Passwords, autoLockMinutes: AutoLock })
export type AccessStatus = z.infer<typeof AccessStatus>

/** Addresses of one purpose. */
export const AddressBook = z.object({
  /** From the command line (`--public-url`, `--trust-proxy`). */
  fixed: z.array(z.string()),
  /** Added in Regie's settings. */
  added: z.array(z.string()),
})
export type AddressBook = z.infer<typeof AddressBook>

/** Somebody who is signed in over HTTP. */
export const SignedInSession = z.object({
  id: z.string(),
  account: AccountId,
  role: Role,
  /** When it was opened; null where an earlier version did. */
  since: Timestamp.nullable(),
  /** When it was last used, and the address that this came from. */
  lastUsedAt: Timestamp.nullable(),
  from: z.string().nullable(),
  /** What its program calls itself (`User-Agent`). */
  client: z.string().nullable(),
  expiresAt: Timestamp,
  locked: z.boolean(),
  /** The one that asks. */
  current: z.boolean(),
})
export type SignedInSession = z.infer<typeof SignedInSession>

const EndedSessions = z.object({ ended: z.number().int() })

const SignIn = z.union([
  z.object({ token: Token }),
  z.object({ role: Role, password: Password }),
  /** Of anybody, by the account's id or, where one person alone has it, by the name. */
  z.object({ account: z.string().trim().min(1).max(100), password: Password }),
])
export type SignIn = z.infer<typeof SignIn>

/**
 * What shows that it is still the same person: the password, or, in a browser, the admin token or a printed code. On the
 * desktop without an admin password `confirm` asks in a dialog of the program, which no page can answer.
 */
const IdentityProof = z.union([
  z.object({ token: Token }),
  z.object({ password: Password }),
  z.object({ confirm: z.literal(true) }),
])
export type IdentityProof = z.infer<typeof IdentityProof>

const sessions = ['session']

export const session = {
  current: procedure('public')
    .route({ method: 'GET', path: '/session', tags: sessions, summary: 'Who I am here' })
    .output(Session),
  signIn: procedure('public', {
    errors: ['SERVICE_UNAVAILABLE', 'UNAUTHORIZED'],
    example: { role: 'admin', password: 'correct horse battery staple' },
  })
    .route({
      method: 'POST',
      path: '/session',
      tags: sessions,
      summary: 'Sign in with a one-time token, the admin token, or the password of an account or a role',
    })
    .input(SignIn)
    .output(SignedIn),
  signOut: procedure('public', { errors: gives.store })
    .route({ method: 'DELETE', path: '/session', tags: sessions, summary: 'End this session' })
    .output(Session),
  prove: procedure('user', { errors: gives.store, example: { password: 'correct horse battery staple' } })
    .route({
      method: 'POST',
      path: '/session/proof',
      tags: sessions,
      summary: 'Show that it is still you: opens what asks for it for 5 minutes, on the desktop admin actions for 15',
    })
    .input(IdentityProof)
    .output(Session),
  printCode: procedure('admin')
    .route({
      method: 'POST',
      path: '/session/code',
      tags: sessions,
      summary: 'Print a one-time code where Regie runs, to prove with; false where it cannot print',
    })
    .output(z.object({ printed: z.boolean() })),
  lock: procedure('user', { errors: ['CONFLICT', ...gives.store] })
    .route({ method: 'POST', path: '/session/lock', tags: sessions, summary: 'Lock this session until the password' })
    .output(Session),
  unlock: procedure('public', {
    errors: ['CONFLICT', 'UNAUTHORIZED', ...gives.store],
    example: { password: 'correct horse battery staple' },
  })
    .route({ method: 'POST', path: '/session/unlock', tags: sessions, summary: 'Unlock this session' })
    .input(z.object({ password: Password }))
    .output(Session),
  touch: procedure('user')
    .route({ method: 'POST', path: '/session/touch', tags: sessions, summary: 'Somebody is at the keyboard' })
    .output(z.object({})),
}

const tags = ['access']

export const access = {
  status: procedure('admin')
    .route({ method: 'GET', path: '/access', tags, summary: 'Which roles have a password; when sessions lock' })
    .output(AccessStatus),
  change: procedure('admin', { errors: gives.store, example: { autoLockMinutes: 15 } })
    .route({ method: 'PATCH', path: '/access', tags, summary: 'When a session that nobody uses is locked' })
    .input(z.object({ autoLockMinutes: AutoLock }))
    .output(AccessStatus),
  sessions: procedure('admin')
    .route({ method: 'GET', path: '/access/sessions', tags, summary: 'Who is signed in, last used first' })
    .output(z.array(SignedInSession)),
  endSession: procedure('admin', { errors: gives.store })
    .route({ method: 'DELETE', path: '/access/sessions/{id}', tags, summary: 'Sign one of them out' })
    .input(z.object({ id: RecordId }))
    .output(EndedSessions),
  endOtherSessions: procedure('admin', { errors: gives.store })
    .route({ method: 'DELETE', path: '/access/sessions', tags, summary: 'Sign out everybody but the one who asks' })
    .output(EndedSessions),
  addresses: procedure('admin')
    .route({ method: 'GET', path: '/access/addresses', tags, summary: 'Addresses under which others reach the panel' })
    .output(AddressBook),
  setAddresses: procedure('admin', {
    reauth: true,
    errors: gives.store,
    example: { addresses: ['https://panel.example'] },
  })
    .route({
      method: 'PUT',
      path: '/access/addresses',
      tags,
      summary: 'Replace the added addresses under which others reach the panel, such as https://panel.example',
    })
    .input(z.object({ addresses: z.array(z.string().min(1).max(2048)).max(20) }))
    .output(AddressBook),
  proxies: procedure('admin')
    .route({
      method: 'GET',
      path: '/access/proxies',
      tags,
      summary: 'Reverse proxies that are believed where a request comes from',
    })
    .output(AddressBook),
  setProxies: procedure('admin', { reauth: true, errors: gives.store, example: { addresses: ['192.0.2.10'] } })
    .route({
      method: 'PUT',
      path: '/access/proxies',
      tags,
      summary: 'Replace the added reverse proxies, addresses or areas, that are believed where a request comes from',
    })
    .input(z.object({ addresses: z.array(z.string().min(1).max(60)).max(20) }))
    .output(AddressBook),
  setPassword: procedure('admin', {
    reauth: true,
    errors: ['NOT_FOUND', 'UNPROCESSABLE_CONTENT', ...gives.store],
    example: { password: 'correct horse battery staple' },
  })
    .route({
      method: 'PUT',
      path: '/access/passwords/{role}',
      tags,
      summary: 'Set or change the password of a role; the other sessions of that role end',
    })
    .input(z.object({ role: Role, password: Password, current: Password.optional() }))
    .output(AccessStatus),
  removePassword: procedure('admin', {
    reauth: true,
    errors: ['NOT_FOUND', ...gives.store],
    example: { current: 'correct horse battery staple' },
  })
    .route({
      method: 'POST',
      path: '/access/passwords/{role}/remove',
      tags,
      summary: 'Remove the password of a role; the other sessions of that role end',
    })
    .input(z.object({ role: Role, current: Password.optional() }))
    .output(AccessStatus),
}

/** What the desktop does with a secret that is shown or copied there. */
export const desktop = {
  copySecret: procedure('admin', { errors: ['CONFLICT'], example: { text: 'what is to be pasted' } })
    .route({
      method: 'POST',
      path: '/desktop/clipboard',
      tags: ['desktop'],
      summary: 'Copy a secret; the clipboard is cleared after 30 s if it still holds it (desktop only)',
    })
    .input(z.object({ text: z.string().min(1).max(4096) }))
    .output(z.object({ clearsAt: Timestamp })),
  clearClipboard: procedure('user', { errors: ['CONFLICT'] })
    .route({
      method: 'DELETE',
      path: '/desktop/clipboard',
      tags: ['desktop'],
      summary: 'Clear the clipboard now if it still holds a copied secret (desktop only)',
    })
    .output(z.object({})),
  secretHidden: procedure('user', { errors: ['CONFLICT'] })
    .route({
      method: 'POST',
      path: '/desktop/secret-hidden',
      tags: ['desktop'],
      summary: 'The page no longer shows a secret: the window may be captured again (desktop only)',
    })
    .output(z.object({})),
}
