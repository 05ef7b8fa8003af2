import type { IncomingHttpHeaders } from 'node:http'
import { createAdmission } from '../../../electron/gateway/admission'
import type { Asked, Guest, OwnAnswer, Refused } from '../../../electron/gateway/stages'
import { createAttempts } from '../../../electron/people'
import { memoryStore } from '../../support/access'
import { anna, anyKey, type testPeople } from '../../support/people'

/** Where the listener under test is. */
export const door = { port: 9860, extraHosts: ['studio.lan'] }
export const address = 'http://studio.lan:9860'

/** How a request is asked in these tests, where it is not as usual. */
interface Asking {
  service?: string
  method?: string
  headers?: IncomingHttpHeaders
  from?: string
  form?: Record<string, string>
  isUpgrade?: boolean
  /** The same for requests of one connection. */
  connection?: object
}

/** A request as the listener hands it on: of a program, or with `page` of a browser that wants a page. */
export function ask(target: string, asking: Asking = {}): Asked {
  const url = new URL(target, address)
  const { service = 'forge-neo', method = asking.form ? 'POST' : 'GET', from = '192.0.2.7', isUpgrade = false } = asking
  const headers = { host: 'studio.lan:9860', ...asking.headers }
  const body = Buffer.from(new URLSearchParams(asking.form).toString())
  return {
    ...{ serviceId: service, kind: 'forge-neo', machine: 'local', method, from, isUpgrade, headers },
    path: url.pathname,
    query: url.searchParams,
    wantsPage: method === 'GET' && !isUpgrade && (headers.accept ?? '').includes('text/html'),
    signal: new AbortController().signal,
    origin: address,
    ...(asking.connection && { connection: asking.connection, mayShowToken: url.searchParams.has('token') }),
    readBody: () => Promise.resolve(body),
    holdBody: () => Promise.resolve(body),
  }
}

/** What a browser sends when somebody opens an address. */
export const browsing = (more: IncomingHttpHeaders = {}): IncomingHttpHeaders => ({
  accept: 'text/html,application/xhtml+xml',
  'sec-fetch-mode': 'navigate',
  'sec-fetch-dest': 'document',
  'sec-fetch-site': 'none',
  ...more,
})

/** What a browser sends with a form of the listener's own page. */
export const ownForm = (more: IncomingHttpHeaders = {}): IncomingHttpHeaders => ({
  ...browsing({ 'sec-fetch-site': 'same-origin' }),
  origin: address,
  'content-type': 'application/x-www-form-urlencoded',
  ...more,
})

/** A refusal's problem and status, an own answer's status and where it leads, or who came in. */
export function outcome(answer: Guest | Refused | OwnAnswer): string {
  if ('account' in answer) return `in: ${answer.account}`
  if ('refused' in answer) return `${answer.status} ${answer.refused.id}`
  const { status, headers } = answer.own
  return [status, headers['location']].filter((part) => part !== undefined).join(' ')
}

type TestPeople = Awaited<ReturnType<typeof testPeople>>

/** An admission over the people of a test. What it is told of can be changed while it runs. */
export async function admit(at: TestPeople, store = memoryStore()) {
  const people = await at.open()
  const noted: string[] = []
  const is = { vaultOpen: true, listening: true, tls: false, cancelled: [] as string[] }
  const admission = createAdmission({
    people,
    attempts: createAttempts({ store, wall: () => at.clock.wall, steady: () => at.clock.steady }),
    store,
    listenerOf: () => (is.listening ? { door: { ...door, tls: is.tls }, title: 'forge-neo' } : null),
    conditionOf: () => Promise.resolve(null),
    isVaultOpen: () => is.vaultOpen,
    cancelWaking: (serviceId, { account }) => {
      is.cancelled.push(`${serviceId} ${account}`)
      return true
    },
    isServiceSecret: (_, { secret }) => Promise.resolve(secret === 'the-service-secret'),
    noteServiceSecret: ({ from }) => void noted.push(from),
    wall: () => at.clock.wall,
    steady: () => at.clock.steady,
  })
  return {
    people,
    admission,
    noted,
    is,
    ask: async (...asked: Parameters<typeof ask>) => outcome(await admission.admit(ask(...asked))),
  }
}

/** Anna with a key, before a door. */
export async function annaAtTheDoor(at: TestPeople, key: { services?: readonly string[] } = {}) {
  const there = await admit(at)
  await there.people.create(anna, 'admin')
  const made = await there.people.createKey({ ...anyKey('anna'), ...key }, 'admin')
  return { ...there, key: made.key, keyId: made.record.id }
}

/** Anna with a password, signed in with a browser; what it sends from then on. */
export async function annaInABrowser(at: TestPeople, store = memoryStore()) {
  const there = await admit(at, store)
  await there.people.create(anna, 'admin')
  const password = 'correct horse'
  const set = { account: 'anna', password, current: undefined, asksCurrent: false, logins: [], by: null, who: 'admin' }
  await there.people.setPassword(set)
  const typed = { by: 'password', username: 'Anna', password, next: '/?tab=1' }
  const answer = await there.admission.admit(ask('/_regie/signin', { headers: ownForm(), form: typed }))
  if (!('own' in answer)) throw new Error(outcome(answer))
  const set_cookie = String(answer.own.headers['set-cookie'])
  const cookie = set_cookie.split(';')[0] ?? ''
  return { ...there, password, set: set_cookie, cookie, location: answer.own.headers['location'], typed }
}
