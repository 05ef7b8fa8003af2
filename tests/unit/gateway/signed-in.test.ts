import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newKey } from '../../../electron/people/key'
import { memoryStore } from '../../support/access'
import { testPeople } from '../../support/people'
import { address, admit, annaAtTheDoor, annaInABrowser, ask, browsing, outcome, ownForm } from './asking'

let at: Awaited<ReturnType<typeof testPeople>>
beforeEach(async () => {
  at = await testPeople()
})
afterEach(() => at.remove())

const hour = 3600_000

describe('a browser that is signed in', () => {
  it('has a cookie for this listener alone, that no script reads and no other site sends', async () => {
    const { set, location, ask, cookie } = await annaInABrowser(at)

    expect(location).toBe('/?tab=1')
    expect(set).toMatch(/^regie_gateway_forge-neo_9860=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/)
    expect(await ask('/', { headers: browsing({ cookie }) })).toBe('in: anna')
    const elsewhere = cookie.replace('forge-neo', 'comfy')
    expect(await ask('/', { headers: { cookie: elsewhere }, service: 'comfy' })).toBe('401 gateway.key-required')
    expect(await ask('/', { headers: { cookie: cookie.replace('_9860', '_9861') } })).toBe('401 gateway.key-required')
  })

  it('has one for TLS alone where the listener speaks it', async () => {
    const there = await annaInABrowser(at)
    there.is.tls = true
    const headers = ownForm({ origin: address.replace('http:', 'https:') })
    const answer = await there.admission.admit(ask('/_regie/signin', { headers, form: there.typed }))

    expect('own' in answer && answer.own.headers['set-cookie']).toMatch(/; HttpOnly; SameSite=Strict; Secure$/)
    expect(await there.ask('/_regie/signin', { headers: ownForm(), form: there.typed }), 'of the plain origin').toBe(
      '403',
    )
  })

  it('stays signed in over a restart, and nothing in the store opens a door', async () => {
    const store = memoryStore()
    const { cookie } = await annaInABrowser(at, store)
    const again = await admit(at, store)

    expect(await again.ask('/', { headers: { cookie } })).toBe('in: anna')
    const value = cookie.split('=')[1] ?? ''
    const kept = JSON.stringify(store.get('gatewaySignIns'))
    expect(kept).not.toContain(value)
    const hash = Object.keys((store.get('gatewaySignIns') as { all: object }).all)[0] // as it was just written
    expect(await again.ask('/', { headers: { cookie: cookie.replace(value, hash ?? '') } })).toMatch(/^401/)
  })

  it.each([
    [
      'suspended',
      (there: Awaited<ReturnType<typeof annaInABrowser>>) => there.people.change('anna', { suspended: true }, 'admin'),
    ],
    [
      'made an administrator',
      (there: Awaited<ReturnType<typeof annaInABrowser>>) => there.people.change('anna', { role: 'admin' }, 'admin'),
    ],
    [
      'given another password',
      (there: Awaited<ReturnType<typeof annaInABrowser>>) =>
        there.people.setPassword({
          account: 'anna',
          password: 'another horse',
          current: undefined,
          asksCurrent: false,
          logins: [],
          by: null,
          who: 'admin',
        }),
    ],
  ])('signs in again when its person was %s, also once that is taken back', async (_, change) => {
    const there = await annaInABrowser(at)

    await change(there)
    expect(await there.ask('/', { headers: { cookie: there.cookie } })).toBe('401 gateway.key-required')
    await there.people.change('anna', { suspended: false, role: 'user' }, 'admin')
    expect(await there.ask('/', { headers: { cookie: there.cookie } })).toBe('401 gateway.key-required')
  })

  it('is signed out after a week, by a clock that is turned back as well', async () => {
    const store = memoryStore()
    const { ask, cookie } = await annaInABrowser(at, store)

    at.pass(7 * 24 * hour - 1000)
    expect(await ask('/', { headers: { cookie } })).toBe('in: anna')
    at.pass(1000)
    expect(await ask('/', { headers: { cookie } })).toBe('401 gateway.key-required')
    at.clock.wall -= 24 * hour
    expect(await ask('/', { headers: { cookie } })).toBe('401 gateway.key-required')
    const again = await admit(at, store)
    expect(await again.ask('/', { headers: { cookie } })).toBe('401 gateway.key-required')
  })

  it.each([
    ['another origin', { origin: 'http://evil.example' }],
    ['another port of the host', { origin: 'http://studio.lan:8188', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed frame', { origin: 'null' }],
    ['an image on another page', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'no-cors' }],
    ['a link of a neighbour to what may do something', browsing({ 'sec-fetch-site': 'same-site' })],
    ['a page that a browser names without saying more', { referer: 'http://studio.lan:8188/x?token=secret' }],
    ['a frame of a neighbour', browsing({ 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' })],
  ])('does nothing for %s', async (_, headers) => {
    const { ask, cookie } = await annaInABrowser(at)

    expect(await ask('/manager/reboot', { headers: { cookie, ...headers } })).toBe('403 gateway.foreign-page')
    expect(await ask('/ws', { isUpgrade: true, headers: { cookie, ...headers } })).toBe('403 gateway.foreign-page')
  })

  it('follows a link to the start page, in a window of its own', async () => {
    const { ask, cookie } = await annaInABrowser(at)
    const link = browsing({ cookie, 'sec-fetch-site': 'same-site' })

    expect(await ask('/', { headers: link })).toBe('in: anna')
    expect(await ask('/', { headers: { ...link, 'sec-fetch-dest': 'iframe' } })).toBe('403 gateway.foreign-page')
  })

  it('is nobody under a name that is not the listener’s', async () => {
    const { ask, cookie } = await annaInABrowser(at)

    expect(await ask('/', { headers: { cookie, host: 'evil.example:9860' } })).toBe('403 gateway.wrong-address')
  })
})

describe('the sign-in page', () => {
  it('leads on who is signed in, and lets nobody be led elsewhere', async () => {
    const { ask, cookie } = await annaInABrowser(at)
    const signin = (next: string) =>
      ask(`/_regie/signin?${new URLSearchParams({ next }).toString()}`, { headers: browsing({ cookie }) })

    expect(await signin('/view?a=1')).toBe('303 /view?a=1')
    for (const next of [
      '//evil.example',
      '/\\evil.example',
      'http://evil.example',
      '/\t/evil.example',
      '/.//evil.example',
      '/_regie/signout',
      'javascript:alert(1)',
    ])
      expect(await signin(next), next).toBe('303 /')
    expect(await signin(`/ws?token=${newKey()}&a=1`)).toBe('303 /ws?a=1')
  })

  it('takes a key as well, and ends with it', async () => {
    const there = await annaAtTheDoor(at)
    const form = { by: 'key', key: ` ${there.key} `, next: '/' }
    const answer = await there.admission.admit(ask('/_regie/signin', { headers: ownForm(), form }))
    const cookie = 'own' in answer ? (String(answer.own.headers['set-cookie']).split(';')[0] ?? '') : ''

    const guest = await there.admission.admit(ask('/', { headers: { cookie } }))
    expect(guest).toMatchObject({ account: 'anna', keyId: there.keyId })
    expect(there.people.keys('anna')[0]?.lastUsed?.serviceId).toBe('forge-neo')
    await there.people.endKey(there.keyId, 'admin')
    expect(await there.ask('/', { headers: { cookie } })).toBe('401 gateway.key-required')
  })

  it.each([
    [
      'a wrong password',
      { by: 'password', username: 'anna', password: 'wrong horse' },
      'This name and password are not accepted.',
    ],
    [
      'nobody of that name',
      { by: 'password', username: 'nobody', password: 'wrong horse' },
      'This name and password are not accepted.',
    ],
    ['a key that ended', { by: 'key', key: newKey() }, 'This access key is not accepted.'],
    ['half a key', { by: 'key', key: 'rk_abc' }, 'This is not a whole access key.'],
    ['nothing', { by: 'password', username: 'anna', password: '' }, 'Fill in the field first.'],
  ])('says what was wrong with %s, and never repeats it', async (_, form, said) => {
    const there = await annaAtTheDoor(at)
    const answer = await there.admission.admit(ask('/_regie/signin', { headers: ownForm(), form }))

    expect(answer).toMatchObject({ own: { status: 401, body: expect.stringContaining(said) as unknown } })
    const secret = 'key' in form ? form.key : form.password
    if ('own' in answer && secret !== '') expect(String(answer.own.body)).not.toContain(secret)
    if ('own' in answer) expect(answer.own.headers['set-cookie']).toBeUndefined()
  })

  it('makes guesses at passwords wait, and counts down', async () => {
    const there = await annaInABrowser(at)
    const form = { ...there.typed, password: 'wrong horse' }
    const guess = (from = '192.0.2.7') => there.ask('/_regie/signin', { headers: ownForm(), form, from })

    for (let round = 0; round < 6; round += 1) expect(await guess()).toBe('401')
    expect(await guess()).toBe('429')
    expect(await guess('192.0.2.8'), 'nobody else waits').toBe('401')
  })

  it('tells who is suspended so only to who knows the password', async () => {
    const there = await annaInABrowser(at)
    await there.people.change('anna', { suspended: true }, 'admin')
    const typed = await there.admission.admit(ask('/_regie/signin', { headers: ownForm(), form: there.typed }))

    expect(typed).toMatchObject({ own: { body: expect.stringContaining('This account is suspended.') as unknown } })
  })

  it.each([
    ['another site', { origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['a neighbour on the host', { origin: 'http://studio.lan:8188', 'sec-fetch-site': 'same-site' }],
    ['nobody', { origin: undefined, 'sec-fetch-site': undefined }],
    ['a name that is not its own', { host: 'evil.example:9860', origin: 'http://evil.example:9860' }],
  ])('takes no form of %s, were the password right', async (_, headers) => {
    const there = await annaInABrowser(at)

    const answer = await there.admission.admit(ask('/_regie/signin', { headers: ownForm(headers), form: there.typed }))
    expect(answer).toMatchObject({ own: { status: 403 } })
    const out = await there.ask('/_regie/signout', {
      method: 'POST',
      headers: ownForm({ ...headers, cookie: there.cookie }),
    })
    expect(out).toBe('403')
    const waking = { method: 'POST', headers: ownForm({ ...headers, cookie: there.cookie }) }
    expect([await there.ask('/_regie/waking', waking), there.is.cancelled]).toEqual(['403', []])
    expect(await there.ask('/', { headers: { cookie: there.cookie } })).toBe('in: anna')
  })

  it('asks a browser that comes from another site for its cookie once more, for the start page alone', async () => {
    const { admission } = await annaInABrowser(at)
    const from = browsing({ 'sec-fetch-site': 'cross-site' })
    const body = async (target: string) => {
      const answer = await admission.admit(ask(target, { headers: from }))
      return 'own' in answer ? String(answer.own.body) : outcome(answer)
    }

    expect(await body('/_regie/signin')).toContain('content="0;url=/_regie/signin?again=1"')
    expect(await body('/_regie/signin?again=1')).not.toContain('http-equiv')
    expect(await body('/_regie/signin?next=%2Fmanager%2Freboot')).not.toContain('http-equiv')
  })

  it('signs out, and the cookie is worth nothing any more', async () => {
    const { ask: asked, admission, cookie } = await annaInABrowser(at)

    expect(await asked('/_regie/signout', { headers: browsing({ cookie }) })).toBe('200')
    const answer = await admission.admit(ask('/_regie/signout', { method: 'POST', headers: ownForm({ cookie }) }))
    expect(answer).toMatchObject({ own: { status: 303, headers: { location: '/_regie/signin?out' } } })
    if ('own' in answer) expect(answer.own.headers['set-cookie']).toContain('Max-Age=0')
    expect(await asked('/', { headers: { cookie } })).toBe('401 gateway.key-required')
  })

  it('takes back that it waits for the service by a form of its own, never by a link, and nobody signed out does', async () => {
    const { ask: asked, cookie, is } = await annaInABrowser(at)
    expect(await asked('/_regie/waking', { headers: browsing({ cookie }) })).toBe('303 /')
    expect(await asked('/_regie/waking', { method: 'POST', headers: ownForm() })).toBe('303 /')
    expect(is.cancelled).toEqual([])
    expect(await asked('/_regie/waking', { method: 'POST', headers: ownForm({ cookie }) })).toBe('200')
    expect(is.cancelled).toEqual(['forge-neo anna'])
  })

  it('reads no form but its own kind', async () => {
    const { ask } = await annaInABrowser(at)

    expect(await ask('/_regie/signin', { headers: ownForm({ 'content-type': 'application/json' }), form: {} })).toBe(
      '401',
    )
    expect(await ask('/_regie/signin', { method: 'DELETE', headers: ownForm() })).toBe('405')
    expect(await ask('/_regie/signin', { isUpgrade: true })).toBe('405')
  })
})
