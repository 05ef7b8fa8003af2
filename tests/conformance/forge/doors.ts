import type { Row, Table } from '../row'
import { form } from '../talk'
import type { ForgeWorld } from './world'

type ForgeRow = Row<ForgeWorld>

const guarded: ForgeRow['skip'] = ({ facts }) => (facts.api === 'guarded' ? null : 'only with --api-auth')
const withAccount: ForgeRow['skip'] = (world) =>
  guarded(world) ?? (world.account === null ? 'needs --account-file' : null)

const optionsPath = '/sdapi/v1/options'
const encode = (text: string) => Buffer.from(text).toString('base64')

const refused = (what: string, authorization: string | null, detail: string): ForgeRow => ({
  what: `the API refuses ${what}`,
  skip: guarded,
  ask: { path: optionsPath, headers: authorization === null ? {} : { authorization } },
  expect: { status: 401, headers: { 'www-authenticate': 'Basic' }, json: { detail } },
})

const nobody = 'Not authenticated'
const broken = 'Invalid authentication credentials'

/** Credentials of the account in a spelling of its own. */
const spelled = (what: string, spell: (base64: string) => string): ForgeRow => ({
  what: `the API takes ${what}`,
  skip: withAccount,
  ask: ({ account }) => ({
    path: optionsPath,
    headers: { authorization: spell(encode(`${account?.username ?? ''}:${account?.password ?? ''}`)) },
  }),
  expect: { status: 200 },
})

const basicRows: readonly ForgeRow[] = [
  refused('who brings no credentials', null, nobody),
  refused('another scheme', 'Bearer x', nobody),
  refused('a scheme without credentials', 'Basic ', broken),
  refused('what is no base64', 'Basic %%%', broken),
  refused('a wrong padding', 'Basic YWJ', broken),
  refused('what is not ASCII', `Basic ${encode('regie:é')}`, broken),
  refused('credentials without a colon', `Basic ${encode('regie')}`, broken),
  refused('an unknown user', `Basic ${encode('nobody-here:nothing')}`, 'Incorrect username or password'),
  {
    what: 'the API refuses a wrong password',
    skip: guarded,
    ask: { path: optionsPath, credential: 'wrong' },
    expect: { status: 401, json: { detail: 'Incorrect username or password' } },
  },
  spelled('the account', (pair) => `Basic ${pair}`),
  spelled('the scheme in any case', (pair) => `bASIC ${pair}`),
  // Python's decoder skips what does not belong to the alphabet.
  spelled('two blanks after the scheme', (pair) => `Basic  ${pair}`),
  spelled('other signs inside the base64', (pair) => `Basic ${pair.slice(0, 3)}!*${pair.slice(3)}`),
]

const withPages: ForgeRow['skip'] = ({ facts }) => (facts.pages === 'none' ? 'only with the web interface' : null)
const behindForm: ForgeRow['skip'] = ({ facts }) => (facts.pages === 'guarded' ? null : 'only with --gradio-auth')

const missing = (...names: string[]) => ({
  detail: names.map((name) => ({ type: 'missing', loc: ['body', name], msg: 'Field required', input: null })),
})

const formRows: readonly ForgeRow[] = [
  {
    what: 'a form without a password is incomplete, whatever the flags',
    skip: withPages,
    ask: { path: '/login', ...form({ username: 'regie' }) },
    expect: { status: 422, json: missing('password') },
  },
  {
    what: 'an empty field is none',
    skip: withPages,
    ask: { path: '/login', ...form({ username: '', password: '' }) },
    expect: { status: 422, json: missing('username', 'password') },
  },
  {
    what: 'JSON is no form',
    skip: withPages,
    ask: { path: '/login', body: { username: 'regie', password: 'x' } },
    expect: { status: 422, json: missing('username', 'password') },
  },
  {
    what: 'a whole form leads to the page where there is no login',
    skip: ({ facts }) => (facts.pages === 'open' ? null : 'only with pages that are open'),
    ask: { path: '/login', ...form({ username: 'regie', password: 'x' }) },
    expect: { status: 302, headers: { location: '/' } },
  },
  {
    what: 'a wrong password is refused',
    skip: behindForm,
    ask: { path: '/login', ...form({ username: 'regie', password: 'certainly-not-this-one' }) },
    expect: { status: 400, json: { detail: 'Incorrect credentials.' }, headers: { 'set-cookie': null } },
  },
  {
    what: 'the account opens a session',
    skip: (world) => behindForm(world) ?? (world.account === null ? 'needs --account-file' : null),
    ask: ({ account }) => ({ path: '/login', ...form(account ?? {}) }),
    expect: {
      status: 200,
      json: { success: true },
      headers: { 'set-cookie': /access-token-\S+=.*access-token-unsecure-\S+=/ },
    },
  },
  {
    what: 'the login page has the status of any page, and says what it is',
    skip: behindForm,
    ask: { path: '/' },
    expect: { status: 200, text: /"auth_required":\s*true/ },
  },
]

export const doorTables: readonly Table<ForgeWorld>[] = [
  { title: 'Forge: HTTP Basic', rows: basicRows },
  { title: 'Forge: the form of its pages', rows: formRows },
]
