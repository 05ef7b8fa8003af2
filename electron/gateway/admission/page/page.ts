import { randomBytes } from 'node:crypto'
import type { Language } from '../../../../shared/problems'
import { securityHeaders } from '../../../access/security-headers'
import { styleOf } from './style'
import { words, type Words } from './words'

/** Of whose door a page is. */
export interface PageOf {
  service: { title: string; icon: 'graph' | 'hammer' }
  /** Host and port as the browser has them. */
  address: string
  /** Whether the browser reaches it over TLS. */
  isSecure: boolean
  language: Language
}

/** What became of the service, where it is not simply there. */
export type Condition = { is: 'asleep'; readyInS: number | null } | { is: 'closed' } | null

export interface SignIn {
  way: 'password' | 'key'
  /** Where it goes on afterwards: a path of this listener. */
  next: string
  /** The name that was typed before. */
  name: string
  /** A sentence about what was typed; null where nothing was. */
  wrong: string | null
  /** How long nothing is looked at, in seconds. */
  waitS: number
  isSignedOut: boolean
  condition: Condition
}

/** A page as it leaves: its headers forbid everything that it does not need. */
export interface Page {
  status: number
  headers: Record<string, string>
  body: string
}

const escapes: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
/** A text as HTML, between tags or in quotes. */
export const html = (text: string) => text.replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? sign)

/** Tabler's icons of the kinds, as in the panel. */
const icons = {
  hammer:
    '<path d="M11.414 10l-7.383 7.418a2.091 2.091 0 0 0 0 2.967a2.11 2.11 0 0 0 2.976 0l7.407 -7.385"/><path d="M18.121 15.293l2.586 -2.586a1 1 0 0 0 0 -1.414l-7.586 -7.586a1 1 0 0 0 -1.414 0l-2.586 2.586a1 1 0 0 0 0 1.414l7.586 7.586a1 1 0 0 0 1.414 0"/>',
  graph:
    '<path d="M10 19a2 2 0 1 0 -4 0a2 2 0 0 0 4 0"/><path d="M18 5a2 2 0 1 0 -4 0a2 2 0 0 0 4 0"/><path d="M10 5a2 2 0 1 0 -4 0a2 2 0 0 0 4 0"/><path d="M6 12a2 2 0 1 0 -4 0a2 2 0 0 0 4 0"/><path d="M18 19a2 2 0 1 0 -4 0a2 2 0 0 0 4 0"/><path d="M14 12a2 2 0 1 0 -4 0a2 2 0 0 0 4 0"/><path d="M22 12a2 2 0 1 0 -4 0a2 2 0 0 0 4 0"/><path d="M6 12h4M14 12h4M15 7l-2 3M9 7l2 3M11 14l-2 3M13 14l2 3"/>',
  lock: '<path d="M5 13a2 2 0 0 1 2 -2h10a2 2 0 0 1 2 2v6a2 2 0 0 1 -2 2h-10a2 2 0 0 1 -2 -2v-6"/><path d="M11 16a1 1 0 1 0 2 0a1 1 0 0 0 -2 0"/><path d="M8 11v-4a4 4 0 1 1 8 0v4"/>',
} as const

export const icon = (name: keyof typeof icons, size: number) =>
  `<svg width="${size}" height="${size}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">${icons[name]}</svg>`

export const moon =
  '<svg width="15" height="15" viewBox="0 0 24 24" fill="currentColor" aria-hidden="true"><path d="M12 1.992a10 10 0 1 0 9.236 13.838c.341 -.82 -.476 -1.644 -1.298 -1.31a6.5 6.5 0 0 1 -6.864 -10.787l.077 -.08c.551 -.63 .113 -1.653 -.758 -1.653h-.266z"/></svg>'

/** Regie's mark: three faders, the middle one in the accent. */
export const mark =
  '<svg width="16" height="16" viewBox="0 0 22 22" aria-hidden="true"><g stroke="currentColor" stroke-width="1.6" stroke-linecap="round" opacity=".5"><path d="M4.5 2.5v17M11 2.5v17M17.5 2.5v17"/></g><g fill="currentColor"><rect x="1.6" y="11.5" width="5.8" height="4" rx="1.2"/><rect x="14.6" y="9" width="5.8" height="4" rx="1.2"/></g><rect x="8.1" y="5" width="5.8" height="4" rx="1.2" fill="#6f9bff"/></svg>'
export const tabIcon = `data:image/svg+xml,${encodeURIComponent(mark.replace('<svg ', '<svg xmlns="http://www.w3.org/2000/svg" color="#888" '))}`

/** What every page of the door is sent with. Its forms need their Origin, which `no-referrer` would take away. */
export const headersOf = (
  nonce: string,
  { runs = false }: { /** It has a script, which asks its own listener. */ runs?: boolean } = {},
) => ({
  ...securityHeaders,
  'content-type': 'text/html; charset=utf-8',
  'cache-control': 'no-store',
  'referrer-policy': 'same-origin',
  'content-security-policy': [
    "default-src 'none'",
    `style-src 'nonce-${nonce}'`,
    ...(runs ? [`script-src 'nonce-${nonce}'`, "connect-src 'self'"] : []),
    'img-src data:',
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
})

interface Frame {
  title: string
  body: string
  status?: number
  waitS?: number
  /** A path to which the browser goes by itself at once. */
  goesTo?: string
}

function frame(of: PageOf, { title, body, status = 200, waitS = 0, goesTo }: Frame): Page {
  const nonce = randomBytes(16).toString('base64')
  const goes = goesTo === undefined ? '' : `<meta http-equiv="refresh" content="0;url=${html(goesTo)}">`
  const lock = of.isSecure ? icon('lock', 14) : ''
  return {
    status,
    headers: headersOf(nonce),
    body: `<!doctype html>
<html lang="${of.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">${goes}
<title>${html(title)}</title>
<link rel="icon" href="${tabIcon}">
<style nonce="${nonce}">${styleOf(waitS)}</style>
</head>
<body>
<main>
<header><span class="tile">${icon(of.service.icon, 28)}</span><div><h1>${html(title)}</h1>
<p class="address">${lock}<code>${html(of.address)}</code></p></div></header>
${body}
</main>
<footer>${mark}<span>${words[of.language].foot}</span></footer>
</body>
</html>
`,
  }
}

const note = (text: string, sign = '') => `<p class="note">${sign}<span>${text}</span></p>`

function noteOf(condition: Condition, service: string, said: Words): string {
  if (condition === null) return ''
  if (condition.is === 'closed') return note(html(said.closed(service)))
  const rest = condition.readyInS === null ? said.wakes : said.wakesIn(condition.readyInS)
  return note(`<b>${html(said.asleep(service))}</b> ${html(rest)}`, moon)
}

/** A field with its label; `wrong` is what is said of it beneath. */
function field(id: string, label: string, input: string, below: { hint?: string; wrong?: string | null } = {}): string {
  const { hint, wrong } = below
  const said = [wrong ? `${id}-wrong` : '', hint ? `${id}-hint` : ''].filter(Boolean).join(' ')
  const described = said === '' ? '' : ` aria-describedby="${said}"${wrong ? ' aria-invalid="true"' : ''}`
  const lines = [
    `<label for="${id}">${html(label)}</label>`,
    `<input id="${id}" name="${id}" ${input}${described} required>`,
    wrong ? `<p class="bad" id="${id}-wrong" role="alert">${html(wrong)}</p>` : '',
    hint ? `<span class="hint" id="${id}-hint">${html(hint)}</span>` : '',
  ]
  return `<div class="field">${lines.join('')}</div>`
}

/** The fields of each way. The cursor is in the first that is empty. */
function fieldsOf(way: SignIn['way'], { name, wrong, way: chosen }: SignIn, said: Words): string[] {
  const below = { wrong: way === chosen ? wrong : null }
  const focus = way === chosen ? ' autofocus' : ''
  if (way === 'key') {
    const key = `type="password" autocomplete="off" spellcheck="false"${focus}`
    return [field('key', said.accessKey, key, { ...below, hint: said.keyHint })]
  }
  const username = `type="text" autocomplete="username" autocapitalize="none" spellcheck="false" maxlength="200" value="${html(name)}"`
  return [
    field('username', said.username, username + (name === '' ? focus : '')),
    field(
      'password',
      said.password,
      `type="password" autocomplete="current-password"${name === '' ? '' : focus}`,
      below,
    ),
  ]
}

/** One of the two forms: its fields, and what both send. */
function form(way: SignIn['way'], of: PageOf, signIn: SignIn): string {
  const said = words[of.language]
  const { next, condition } = signIn
  const button = condition?.is === 'asleep' ? said.enterAndWake : said.enter
  const parts = [
    ...fieldsOf(way, signIn, said),
    `<input type="hidden" name="by" value="${way}"><input type="hidden" name="next" value="${html(next)}">`,
    noteOf(condition, of.service.title, said),
    `<button type="submit">${html(button)}</button>`,
  ]
  return `<form class="by-${way}" method="post" action="/_regie/signin">\n${parts.filter((part) => part !== '').join('\n')}\n</form>`
}

/** One of the two ways, as a radio button behind a segment. */
const choice = (way: SignIn['way'], label: string, chosen: SignIn['way']) =>
  `<input class="way" type="radio" name="way" id="by-${way}"${way === chosen ? ' checked' : ''}><label class="seg" for="by-${way}">${html(label)}</label>`

/** The page on which one signs in at a service, with a name and password or with an access key. */
export function signInPage(of: PageOf, signIn: SignIn): Page {
  const said = words[of.language]
  const { way, wrong, waitS } = signIn
  const body = [
    ...(signIn.isSignedOut ? [note(html(said.signedOut))] : []),
    `<fieldset aria-label="${html(said.ways)}">${choice('password', said.password, way)}${choice('key', said.accessKey, way)}</fieldset>`,
    form('password', of, signIn),
    form('key', of, signIn),
    `<div class="help"><p>${html(said.noAccount)}</p><p>${html(said.programs)}</p></div>`,
  ].join('\n')
  const status = waitS > 0 ? 429 : wrong === null ? 200 : 401
  const page = frame(of, { title: said.title(of.service.title), body, status, waitS })
  return waitS > 0 ? { ...page, headers: { ...page.headers, 'retry-after': String(waitS) } } : page
}

/** The page on which one signs out, for whoever is signed in as `name`. */
export function signOutPage(of: PageOf, name: string): Page {
  const said = words[of.language]
  const body = `<p>${html(said.signedInAs(name))} ${html(said.signOutHint)}</p>
<form method="post" action="/_regie/signout"><button type="submit">${html(said.signOut)}</button></form>
<div class="help"><p><a href="/">${html(said.goOn(of.service.title))}</a></p></div>`
  return frame(of, { title: said.signOutTitle(of.service.title), body })
}

/** A page that says why something is not given. */
export function messagePage(
  of: PageOf,
  said: { message: string; hint: string; status: number; offersSignIn: boolean },
): Page {
  const { signIn, startPage } = words[of.language]
  const [to, label] = said.offersSignIn ? ['/_regie/signin', signIn] : ['/', startPage]
  const body = `<p>${html(said.message)}</p>
<p class="hint">${html(said.hint)}</p>
<div class="help"><p><a href="${to}">${html(label)}</a></p></div>`
  return frame(of, { title: of.service.title, body, status: said.status })
}

/** A page that only leads on. From a page of another site a browser brings no cookie; from this one it does. */
export function passingPage(of: PageOf, goesTo: string): Page {
  const said = words[of.language]
  const body = `<p>${html(said.goingOn)}</p><p><a href="${html(goesTo)}">${html(said.goOn(of.service.title))}</a></p>`
  return frame(of, { title: of.service.title, body, goesTo })
}
