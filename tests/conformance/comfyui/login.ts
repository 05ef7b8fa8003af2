import type { Ask, Expected, Table } from '../row'
import { ask, form, handshake } from '../talk'
import { all, needs, wrongToken, type ComfyuiRow, type ComfyuiWorld, type LoginState } from './world'

const refused: Expected = {
  status: 401,
  headers: { 'content-type': 'application/json; charset=utf-8', location: null },
  json: { error: 'Authentication required.' },
}
const html = { accept: 'text/html,application/xhtml+xml' }
/** Nobody's job: an interrupt that got through by mistake would stop nothing. */
const nobodysJob = { prompt_id: 'c0f0c0f0-0000-4000-8000-000000000000' }

type Guarded = Exclude<LoginState, 'absent'>

/** One line of the truth table: what comes back in each state, and to a guest. */
interface Line {
  what: string
  ask: Ask | ((world: ComfyuiWorld) => Ask)
  closed: Expected
  /** Where the token is empty (no password, or an empty file); as `closed` where it is left out. */
  empty?: Expected
  guest: Expected
  /** Prints a traceback into the service's log, or leaves something behind. */
  changes?: true
}

const ok: Expected = { status: 200 }
const pretended: Expected = { status: 200, text: '{}', headers: { 'content-type': 'application/json; charset=utf-8' } }
const notFound: Expected = { status: 404 }
const crashed: Expected = {
  status: 500,
  text: '500 Internal Server Error\n\nServer got itself in trouble',
  headers: { 'content-type': 'text/plain; charset=utf-8' },
}
const toLogin: Expected = { status: 302, headers: { location: '/login' }, text: '302: Found' }
const stats = '/system_stats'
const withToken =
  (path: string, headers: Record<string, string> = {}) =>
  (world: ComfyuiWorld): Ask => ({
    path: `${path}?token=${world.token ?? ''}`,
    headers,
  })

const lines: readonly Line[] = [
  { what: 'the API', ask: { path: stats }, closed: refused, guest: ok },
  { what: 'a page asked for as HTML', ask: { path: '/', headers: html }, closed: toLogin, guest: ok },
  { what: 'HEAD', ask: { method: 'HEAD', path: stats }, closed: { status: 401, text: '' }, guest: { status: 200 } },
  { what: 'a path that does not exist', ask: { path: '/nosuchpath' }, closed: refused, guest: notFound },
  { what: 'OPTIONS of anything', ask: { method: 'OPTIONS', path: '/anything' }, closed: ok, guest: ok },
  ...['/x.js', '/x.css', '/x.css.map', '/x.ico'].map((path) => ({
    what: `the exempt suffix of ${path}`,
    ask: { path },
    closed: notFound,
    guest: notFound,
  })),
  { what: 'a wrong token', ask: { path: stats, credential: 'wrong' }, closed: refused, guest: ok },
  {
    what: 'the scheme in lower case',
    ask: (world) => ({ path: stats, headers: { authorization: `bearer ${world.token ?? wrongToken}` } }),
    closed: refused,
    guest: ok,
  },
  {
    what: 'an empty Authorization header',
    ask: { path: stats, headers: { authorization: '' } },
    closed: refused,
    guest: ok,
  },
  {
    what: 'a scheme without token',
    ask: { path: stats, headers: { authorization: 'Bearer' } },
    closed: crashed,
    guest: ok,
    changes: true,
  },
  {
    what: 'a scheme and a blank',
    ask: { path: stats, headers: { authorization: 'Bearer ' } },
    closed: crashed,
    guest: ok,
    changes: true,
  },
  {
    what: 'an Authorization header of three words',
    ask: { path: stats, headers: { authorization: 'Bearer a b' } },
    closed: crashed,
    guest: ok,
    changes: true,
  },
  {
    what: 'Basic credentials',
    ask: { path: stats, headers: { authorization: 'Basic xyz' } },
    closed: refused,
    guest: ok,
  },
  {
    what: 'an empty token in the query',
    ask: { path: `${stats}?token=` },
    closed: refused,
    empty: ok,
    guest: ok,
  },
  {
    what: 'a wrong token in the query',
    ask: { path: `${stats}?token=${wrongToken}` },
    closed: refused,
    guest: ok,
  },
  { what: 'signing out', ask: { path: '/logout' }, closed: refused, guest: toLogin },
  {
    what: 'POST /prompt without a prompt',
    ask: { method: 'POST', path: '/prompt', body: {} },
    closed: refused,
    guest: { status: 400, json: { error: { type: 'no_prompt' } } },
  },
  ...(
    [
      ['/api/prompt', {}],
      ['/interrupt', nobodysJob],
      ['/free', {}],
      ['/queue', {}],
    ] as const
  ).map(([path, body]): Line => ({
    what: `POST ${path}`,
    ask: { method: 'POST', path, body },
    closed: refused,
    guest: pretended,
  })),
  {
    what: 'DELETE of user data',
    ask: { method: 'DELETE', path: '/userdata/regie-conformance.json' },
    closed: refused,
    guest: pretended,
  },
  { what: '/api/login', ask: { path: '/api/login' }, closed: refused, guest: ok },
  { what: '/login/', ask: { path: '/login/' }, closed: refused, guest: notFound },
  {
    what: 'a suffix in the query only',
    ask: { path: '/view?filename=x.js' },
    closed: refused,
    guest: notFound,
  },
  {
    what: '/guest_mode',
    ask: { path: '/guest_mode' },
    closed: refused,
    guest: { status: 200, json: { guestMode: true } },
  },
  { what: 'the log', ask: { path: '/internal/logs' }, closed: refused, guest: ok },
  ...['/interrupt', '/upload/image'].map((path) => ({
    what: `GET ${path}`,
    ask: { path },
    closed: refused,
    guest: notFound,
  })),
  {
    what: 'a harmless handler behind an exempt suffix',
    ask: { path: '/object_info/x.js' },
    closed: { status: 200, json: {} },
    guest: ok,
  },
  {
    what: 'a history behind an exempt suffix',
    ask: { path: '/history/x.ico' },
    closed: { status: 200, text: '{}' },
    guest: ok,
  },
  {
    what: 'a folder of models behind an exempt suffix',
    ask: { path: '/models/x.css' },
    closed: notFound,
    guest: notFound,
  },
]

const guarded: readonly Guarded[] = ['unset', 'empty', 'set']

const resolve = (line: Line, world: ComfyuiWorld) => (typeof line.ask === 'function' ? line.ask(world) : line.ask)

const strangers = lines.map((line): ComfyuiRow => ({
  what: `${line.what}, asked by a stranger`,
  skip: all(needs.login(...guarded), needs.noCors),
  ...(line.changes ? { changes: true } : {}),
  ask: line.ask,
  expect: ({ facts }) => (facts.login === 'set' ? line.closed : (line.empty ?? line.closed)),
}))

const guests = lines.map((line): ComfyuiRow => ({
  what: `${line.what}, asked by a guest`,
  skip: all(needs.login('set'), needs.guests),
  ask: (world) => {
    const question = resolve(line, world)
    return { ...question, headers: { ...question.headers, cookie: world.guestCookie ?? '' } }
  },
  expect: line.guest,
}))

const right: readonly [what: string, Ask | ((world: ComfyuiWorld) => Ask), Expected][] = [
  ['the API', { path: stats, credential: 'right' }, ok],
  ['HEAD', { method: 'HEAD', path: stats, credential: 'right' }, { status: 200, text: '' }],
  ['a page asked for as HTML', { path: '/', credential: 'right', headers: html }, ok],
  ['a path that does not exist', { path: '/nosuchpath', credential: 'right' }, { status: 404, text: '' }],
  ['the query', withToken(stats), ok],
  ['the query, percent-encoded', (world) => ({ path: `${stats}?token=${encodeURIComponent(world.token ?? '')}` }), ok],
  ['the query beside Basic credentials', withToken(stats, { authorization: 'Basic xyz' }), ok],
  ['the query beside a wrong token', withToken(stats, { authorization: `Bearer ${wrongToken}` }), ok],
  [
    'a session that has none',
    { path: '/guest_mode', credential: 'right' },
    { status: 200, json: { guestMode: false } },
  ],
  ['signing out, which needs no session', { path: '/logout', credential: 'right' }, toLogin],
]

const holders = right.map(([what, question, expect]): ComfyuiRow => ({
  what: `the right token: ${what}`,
  skip: all(needs.login('set'), needs.token, needs.noCors),
  ask: question,
  expect,
}))

/** The hidden field stands in every page: only the button says that guests are welcome. */
const pageParts: readonly RegExp[] = [
  /<title>ComfyUI Login<\/title>/,
  /<form action="\/login" method="post"/,
  /<input type="hidden" id="guest_mode" name="guest_mode">/,
  /<input type="password" id="password" name="password"/,
  /<input type="submit" value="Login"/,
]
const nameField = /<input type="text" id="username" name="username"/
const guestButton = /<input type="button" value="Guest Mode"/

const pages: readonly ComfyuiRow[] = [
  {
    what: 'the sign-in page has the parts of the real one in every state',
    skip: needs.login(...guarded),
    async play(world, check) {
      const answer = await ask(world.url, { path: '/login' })
      const headers = { 'content-type': 'text/html; charset=utf-8' }
      for (const part of pageParts) check.answer('GET /login', answer, { status: 200, headers, text: part })
    },
  },
  {
    what: 'the button of guest mode is there with the GUEST_MODE file',
    skip: all(needs.login(...guarded), needs.guests),
    ask: { path: '/login' },
    expect: { status: 200, text: guestButton },
  },
  {
    what: 'the button of guest mode is not there without the GUEST_MODE file',
    skip: all(needs.login(...guarded), needs.noGuests),
    ask: { path: '/login' },
    expect: { status: 200, without: guestButton },
  },
  {
    what: 'the first page asks for a new name and password',
    skip: needs.login('unset'),
    ask: { path: '/login' },
    expect: {
      status: 200,
      text: /For your first login, please enter a new username and password\./,
      without: /Welcome back/,
    },
  },
  {
    what: 'the first page has a field for the name',
    skip: needs.login('unset'),
    ask: { path: '/login' },
    expect: { status: 200, text: nameField },
  },
  {
    what: 'the page of a guarded service greets by name, and asks for the password alone',
    skip: needs.login('set'),
    ask: { path: '/login' },
    expect: { status: 200, text: /Welcome back, [^<]+!/, without: /For your first login/ },
  },
  {
    what: 'the page of an empty PASSWORD file greets nobody and asks for a name',
    skip: needs.login('empty'),
    async play(world, check) {
      const answer = await ask(world.url, { path: '/login' })
      for (const text of [/Welcome back, None!/, /Please also set a username\./, nameField])
        check.answer('GET /login', answer, { status: 200, text, without: /For your first login/ })
    },
  },
  {
    what: 'after a wrong password the page says so',
    skip: needs.login('set', 'empty'),
    ask: { path: '/login?wrong_password=1' },
    expect: { status: 200, text: /Wrong Password\./ },
  },
  {
    what: 'the page’s own style sheet is there for everybody',
    skip: needs.login(...guarded),
    ask: { path: '/old_css/style.css' },
    expect: { status: 200, headers: { 'content-type': 'text/css' } },
  },
]

const forms: readonly ComfyuiRow[] = [
  {
    what: 'a wrong password is sent back',
    skip: needs.login('set'),
    ask: { path: '/login', ...form({ username: 'regie', password: 'certainly-not-this-one' }) },
    expect: { status: 302, headers: { location: '/login?wrong_password=1', 'set-cookie': null }, text: '302: Found' },
  },
  {
    what: 'a form without a password breaks the route',
    skip: needs.login(...guarded),
    changes: true,
    ask: { path: '/login', ...form({ username: 'regie' }) },
    expect: crashed,
  },
  {
    what: 'no password fits an empty file',
    skip: needs.login('empty'),
    // It fits none, but it is a try at somebody's door.
    changes: true,
    ask: { path: '/login', ...form({ username: 'regie', password: '' }) },
    expect: { status: 302, headers: { location: '/login?wrong_password=1' } },
  },
  {
    what: 'there is no guest cookie without the GUEST_MODE file',
    skip: all(needs.login('set'), needs.noGuests),
    ask: { path: '/login', ...form({ guest_mode: '1', password: '' }) },
    expect: { status: 302, headers: { location: '/login?wrong_password=1', 'set-cookie': null } },
  },
  {
    what: 'a guest gets a session cookie',
    skip: all(needs.login(...guarded), needs.guests),
    ask: { path: '/login', ...form({ guest_mode: '1', password: '' }) },
    expect: { status: 302, headers: { location: '/', 'set-cookie': /^AIOHTTP_SESSION=[^;]+; HttpOnly; Path=\/$/ } },
  },
]

const sockets: readonly ComfyuiRow[] = [
  {
    what: 'the WebSocket’s handshake is guarded like everything else',
    skip: all(needs.login('set'), needs.noCors),
    async play({ url, headers }, check) {
      check.same('without a token', await handshake(url, '/ws?clientId=regie-conformance'), 401)
      check.same('with a wrong one', await handshake(url, '/ws?clientId=regie-conformance', headers('wrong')), 401)
    },
  },
  {
    what: 'the WebSocket opens to the token, in the header and in the query',
    skip: all(needs.login('set'), needs.token, needs.noCors),
    async play({ url, headers, token }, check) {
      check.same('in the header', await handshake(url, '/ws?clientId=regie-conformance', headers('right')), 101)
      check.same('in the query', await handshake(url, `/ws?clientId=regie-conformance&token=${token ?? ''}`), 101)
    },
  },
  {
    what: 'the WebSocket opens to a guest',
    skip: all(needs.login('set'), needs.guests),
    async play({ url, guestCookie }, check) {
      check.same('with the cookie', await handshake(url, '/ws', { cookie: guestCookie ?? '' }), 101)
    },
  },
]

/** Who is let in where: the truth table of ComfyUI-Login. */
export const loginTables: readonly Table<ComfyuiWorld>[] = [
  { title: 'ComfyUI-Login: strangers', rows: strangers },
  { title: 'ComfyUI-Login: guests', rows: guests },
  { title: 'ComfyUI-Login: the right token', rows: holders },
  { title: 'ComfyUI-Login: pages', rows: pages },
  { title: 'ComfyUI-Login: the form', rows: forms },
  { title: 'ComfyUI-Login: the WebSocket', rows: sockets },
]
