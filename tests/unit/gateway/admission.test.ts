import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newKey } from '../../../electron/people/key'
import { memoryStore } from '../../support/access'
import { anna, anyKey, testPeople } from '../../support/people'
import { address, admit, ask, browsing, door, outcome, ownForm } from './asking'

let at: Awaited<ReturnType<typeof testPeople>>
beforeEach(async () => {
  at = await testPeople()
})
afterEach(() => at.remove())

const hour = 3600_000
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

/** Anna with a key, before a door. */
async function annaAtTheDoor(key: { services?: readonly string[] } = {}) {
  const there = await admit(at)
  await there.people.create(anna, 'admin')
  const made = await there.people.createKey({ ...anyKey('anna'), ...key }, 'admin')
  return { ...there, key: made.key, keyId: made.record.id }
}

/** Anna with a password, signed in with a browser; what it sends from then on. */
async function annaInABrowser(store = memoryStore()) {
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

describe('a key', () => {
  it('lets its person in by each of the ways, and is noted with address, client and service', async () => {
    const { ask, key, keyId, people } = await annaAtTheDoor()

    expect(await ask('/sdapi/v1/options', bearer(key))).toBe('in: anna')
    expect(await ask('/sdapi/v1/options', { headers: basic(`whoever:${key}`) })).toBe('in: anna')
    expect(await ask(`/ws?token=${key}`, { isUpgrade: true })).toBe('in: anna')
    const client = 'webuiapi/0.9'
    await ask('/', { headers: { ...bearer(key).headers, 'user-agent': client } })
    expect(people.keys('anna')[0]).toMatchObject({
      id: keyId,
      lastUsed: { from: '192.0.2.7', client, serviceId: 'forge-neo' },
    })
  })

  it('for another service is refused with 403, and one for this is not', async () => {
    const { ask, key } = await annaAtTheDoor({ services: ['comfy'] })

    expect(await ask('/', bearer(key))).toBe('403 gateway.other-service')
    expect(await ask('/', { ...bearer(key), service: 'comfy' })).toBe('in: anna')
  })

  it('that ended, expired, or whose person is suspended or gone, opens nothing', async () => {
    const { ask, key, keyId, people } = await annaAtTheDoor()
    const more = async (expiresAt: number | null = null) =>
      (await people.createKey({ ...anyKey('anna'), expiresAt }, 'admin')).key
    const short = await more(at.clock.wall + hour)
    const lasting = await more()

    await people.endKey(keyId, 'admin')
    at.pass(hour)
    expect(await ask('/', bearer(key))).toBe('401 gateway.key-refused')
    expect(await ask('/', bearer(short))).toBe('401 gateway.key-refused')
    at.clock.wall -= 2 * hour
    expect(await ask('/', bearer(short)), 'after the clock was turned back').toBe('401 gateway.key-refused')
    expect(await ask('/', bearer(lasting))).toBe('in: anna')
    await people.change('anna', { suspended: true }, 'admin')
    expect(await ask('/', bearer(lasting))).toBe('401 gateway.key-refused')
    await people.change('anna', { suspended: false }, 'admin')
    expect(await ask('/', bearer(lasting))).toBe('in: anna')
    await people.remove('anna', 'admin')
    expect(await ask('/', bearer(lasting))).toBe('401 gateway.key-refused')
  })

  it('beside another is refused; the same twice, or beside what is none, is not', async () => {
    const { ask, key, people } = await annaAtTheDoor()
    const second = (await people.createKey(anyKey('anna'), 'admin')).key

    expect(await ask(`/?token=${second}`, bearer(key))).toBe('401 gateway.two-keys')
    expect(await ask(`/?token=${key}`, bearer(key))).toBe('in: anna')
    expect(await ask('/?token=the-service-secret', bearer(key))).toBe('in: anna')
  })

  it('that is cut off says so, and lets no cookie stand in for it', async () => {
    const { ask, cookie } = await annaInABrowser()

    expect(await ask('/', { headers: { cookie } })).toBe('in: anna')
    expect(await ask('/', { headers: { cookie, authorization: 'Bearer rk_short' } })).toBe('401 gateway.key-broken')
  })

  it('kept by a browser as the password of Basic is not lent to another page', async () => {
    const { ask, key } = await annaAtTheDoor()
    const authorization = basic(`a:${key}`).authorization

    const foreign = { authorization, origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }
    expect(await ask('/sdapi/v1/txt2img', { method: 'POST', headers: foreign })).toBe('403 gateway.foreign-page')
    const own = { authorization, origin: address, 'sec-fetch-site': 'same-origin' }
    expect(await ask('/sdapi/v1/txt2img', { method: 'POST', headers: own })).toBe('in: anna')
  })
})

describe('guessing', () => {
  it('costs a wait that grows for the source, never for a right key', async () => {
    const { ask, key, admission } = await annaAtTheDoor()
    const from = '2001:db8:1:2:3::1'
    const guess = () => ask('/', { ...bearer(newKey()), from })

    const answers = await Promise.all(Array.from({ length: 23 }, guess))
    expect(answers.filter((said) => said === '401 gateway.key-refused').length).toBe(21)
    expect(answers.at(-1)).toBe('429 session.too-many')
    expect(await ask('/', { ...bearer(newKey()), from: '2001:db8:1:2:ffff::9' }), 'the same /64').toMatch(/^429/)
    expect(await ask('/', { ...bearer(newKey()), from: '2001:db8:1:3::1' })).toMatch(/^401/)
    expect(await ask('/', { ...bearer(key), from })).toBe('in: anna')
    const waits: (number | undefined)[] = []
    for (let round = 0; round < 3; round += 1) {
      const refused = await admission.admit(ask_(newKey(), from))
      if ('refused' in refused) {
        waits.push(refused.retryAfterS)
        at.pass((refused.retryAfterS ?? 0) * 1000)
      }
      await guess()
    }
    expect(waits).toEqual([2, 4, 8])
  })

  it('is not what a script does that still sends an old key: it hears why each time', async () => {
    const { ask } = await annaAtTheDoor()
    const old = newKey()

    for (let round = 0; round < 40; round += 1) expect(await ask('/', bearer(old))).toBe('401 gateway.key-refused')
    expect(await ask('/', bearer(newKey()))).toBe('401 gateway.key-refused')
  })
})

const ask_ = (key: string, from: string) => ask('/', { ...bearer(key), from })

describe('somebody without a key', () => {
  it('is told what is needed, as a program, and led to the sign-in page, as a browser', async () => {
    const there = await admit(at)

    expect(await there.ask('/sdapi/v1/options')).toBe('401 gateway.key-required')
    expect(await there.ask('/', { headers: browsing() })).toBe('302 /_regie/signin')
    expect(await there.ask('/view?a=1&b=%26', { headers: browsing() })).toBe(
      '302 /_regie/signin?next=%2Fview%3Fa%3D1%26b%3D%2526',
    )
    expect(await there.ask('/ws', { isUpgrade: true })).toBe('401 gateway.key-required')
  })

  it('with the service’s own secret is told to make a key, and noted without it', async () => {
    const there = await admit(at)

    expect(await there.ask('/?token=the-service-secret')).toBe('401 gateway.service-secret')
    expect(await there.ask('/', { headers: basic('admin:the-service-secret') })).toBe('401 gateway.service-secret')
    expect(there.noted).toEqual(['192.0.2.7', '192.0.2.7'])
    expect(await there.ask('/', bearer('something-else'))).toBe('401 gateway.not-a-key')
    expect(there.noted.length).toBe(2)
  })
})

describe('a browser that is signed in', () => {
  it('has a cookie for this listener alone, that no script reads and no other site sends', async () => {
    const { set, location, ask, cookie } = await annaInABrowser()

    expect(location).toBe('/?tab=1')
    expect(set).toMatch(/^regie_gateway_forge-neo_9860=[\w-]{43}; Path=\/; Max-Age=604800; HttpOnly; SameSite=Strict$/)
    expect(await ask('/', { headers: browsing({ cookie }) })).toBe('in: anna')
    const elsewhere = cookie.replace('forge-neo', 'comfy')
    expect(await ask('/', { headers: { cookie: elsewhere }, service: 'comfy' })).toBe('401 gateway.key-required')
    expect(await ask('/', { headers: { cookie: cookie.replace('_9860', '_9861') } })).toBe('401 gateway.key-required')
  })

  it('stays signed in over a restart, and nothing in the store opens a door', async () => {
    const store = memoryStore()
    const { cookie } = await annaInABrowser(store)
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
    const there = await annaInABrowser()

    await change(there)
    expect(await there.ask('/', { headers: { cookie: there.cookie } })).toBe('401 gateway.key-required')
    await there.people.change('anna', { suspended: false, role: 'user' }, 'admin')
    expect(await there.ask('/', { headers: { cookie: there.cookie } })).toBe('401 gateway.key-required')
  })

  it('is signed out after a week, by a clock that is turned back as well', async () => {
    const store = memoryStore()
    const { ask, cookie } = await annaInABrowser(store)

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
    ['a frame of a neighbour', browsing({ 'sec-fetch-site': 'same-site', 'sec-fetch-dest': 'iframe' })],
  ])('does nothing for %s', async (_, headers) => {
    const { ask, cookie } = await annaInABrowser()

    expect(await ask('/manager/reboot', { headers: { cookie, ...headers } })).toBe('403 gateway.foreign-page')
    expect(await ask('/ws', { isUpgrade: true, headers: { cookie, ...headers } })).toBe('403 gateway.foreign-page')
  })

  it('follows a link to the start page, in a window of its own', async () => {
    const { ask, cookie } = await annaInABrowser()
    const link = browsing({ cookie, 'sec-fetch-site': 'same-site' })

    expect(await ask('/', { headers: link })).toBe('in: anna')
    expect(await ask('/', { headers: { ...link, 'sec-fetch-dest': 'iframe' } })).toBe('403 gateway.foreign-page')
  })

  it('is nobody under a name that is not the listener’s', async () => {
    const { ask, cookie } = await annaInABrowser()

    expect(await ask('/', { headers: { cookie, host: 'evil.example:9860' } })).toBe('403 gateway.wrong-address')
  })
})

describe('the sign-in page', () => {
  it('leads on who is signed in, and lets nobody be led elsewhere', async () => {
    const { ask, cookie } = await annaInABrowser()
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
    const there = await annaAtTheDoor()
    const form = { by: 'key', key: ` ${there.key} `, next: '/' }
    const answer = await there.admission.admit(ask('/_regie/signin', { headers: ownForm(), form }))
    const cookie = 'own' in answer ? (String(answer.own.headers['set-cookie']).split(';')[0] ?? '') : ''

    const guest = await there.admission.admit(ask('/', { headers: { cookie } }))
    expect(guest).toMatchObject({ account: 'anna', keyId: there.keyId })
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
    const there = await annaAtTheDoor()
    const answer = await there.admission.admit(ask('/_regie/signin', { headers: ownForm(), form }))

    expect(answer).toMatchObject({ own: { status: 401, body: expect.stringContaining(said) as unknown } })
    const secret = 'key' in form ? form.key : form.password
    if ('own' in answer && secret !== '') expect(String(answer.own.body)).not.toContain(secret)
    if ('own' in answer) expect(answer.own.headers['set-cookie']).toBeUndefined()
  })

  it('makes guesses at passwords wait, and counts down', async () => {
    const there = await annaInABrowser()
    const form = { ...there.typed, password: 'wrong horse' }
    const guess = (from = '192.0.2.7') => there.ask('/_regie/signin', { headers: ownForm(), form, from })

    for (let round = 0; round < 6; round += 1) expect(await guess()).toBe('401')
    expect(await guess()).toBe('429')
    expect(await guess('192.0.2.8'), 'nobody else waits').toBe('401')
  })

  it('tells who is suspended so only to who knows the password', async () => {
    const there = await annaInABrowser()
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
    const there = await annaInABrowser()

    const answer = await there.admission.admit(ask('/_regie/signin', { headers: ownForm(headers), form: there.typed }))
    expect(answer).toMatchObject({ own: { status: 403 } })
    const out = await there.ask('/_regie/signout', {
      method: 'POST',
      headers: ownForm({ ...headers, cookie: there.cookie }),
    })
    expect(out).toBe('403')
    expect(await there.ask('/', { headers: { cookie: there.cookie } })).toBe('in: anna')
  })

  it('asks a browser that comes from another site for its cookie once more, for the start page alone', async () => {
    const { admission } = await annaInABrowser()
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
    const { ask: asked, admission, cookie } = await annaInABrowser()

    expect(await asked('/_regie/signout', { headers: browsing({ cookie }) })).toBe('200')
    const answer = await admission.admit(ask('/_regie/signout', { method: 'POST', headers: ownForm({ cookie }) }))
    expect(answer).toMatchObject({ own: { status: 303, headers: { location: '/_regie/signin?out' } } })
    if ('own' in answer) expect(answer.own.headers['set-cookie']).toContain('Max-Age=0')
    expect(await asked('/', { headers: { cookie } })).toBe('401 gateway.key-required')
  })

  it('reads no form but its own kind', async () => {
    const { ask } = await annaInABrowser()

    expect(await ask('/_regie/signin', { headers: ownForm({ 'content-type': 'application/json' }), form: {} })).toBe(
      '401',
    )
    expect(await ask('/_regie/signin', { method: 'DELETE', headers: ownForm() })).toBe('405')
    expect(await ask('/_regie/signin', { isUpgrade: true })).toBe('405')
  })
})

describe('the door fails closed', () => {
  it('while the vault is locked: known people are told so, strangers are not', async () => {
    const { ask, key, is } = await annaAtTheDoor()
    is.vaultOpen = false

    expect(await ask('/', bearer(key))).toBe('503 gateway.vault-locked')
    expect(await ask('/')).toBe('401 gateway.key-required')
  })

  it('where there is no such listener', async () => {
    const { ask, key, is } = await annaAtTheDoor()
    is.listening = false

    expect(await ask('/', bearer(key))).toBe('503 gateway.closed')
  })

  it('where people and keys cannot be read: no guess is counted, and no file is named', async () => {
    const { writeFile } = await import('node:fs/promises')
    await writeFile(at.file, 'not JSON')
    const { ask: asked, admission } = await admit(at)

    expect(await asked('/', bearer(newKey()))).toBe('503 gateway.closed')
    const form = { by: 'password', username: 'admin', password: 'correct horse', next: '/' }
    const answer = await admission.admit(ask('/_regie/signin', { headers: ownForm(), form }))
    expect(answer).toMatchObject({ own: { body: expect.not.stringContaining('people.json') as unknown } })
  })
})

describe('what is open', () => {
  it('is no longer anybody’s once the key has ended, expired or lost the service, or its person was suspended', async () => {
    const { admission, people, key, keyId } = await annaAtTheDoor()
    const made = await people.createKey({ ...anyKey('anna'), expiresAt: at.clock.wall + hour }, 'admin')
    const enter = async (shown: string) => {
      const guest = await admission.admit(ask('/', bearer(shown)))
      if (!('account' in guest)) throw new Error(outcome(guest))
      return () => admission.isStillIn(guest)
    }
    const [byKey, byShort] = [await enter(key), await enter(made.key)]

    expect([byKey(), byShort()]).toEqual([true, true])
    at.pass(hour)
    expect([byKey(), byShort()]).toEqual([true, false])
    await people.change('anna', { role: 'admin' }, 'admin')
    expect(byKey(), 'with another role').toBe(false)
    await people.change('anna', { role: 'user' }, 'admin')
    expect(byKey()).toBe(true)
    await people.endKey(keyId, 'admin')
    expect(byKey()).toBe(false)
  })

  it('is no longer a browser’s once it is signed out, and never that of who was not let in', async () => {
    const { admission, people, cookie } = await annaInABrowser()
    const guest = await admission.admit(ask('/', { headers: { cookie } }))
    if (!('account' in guest)) throw new Error(outcome(guest))

    expect(admission.isStillIn(guest)).toBe(true)
    await admission.admit(ask('/_regie/signout', { method: 'POST', headers: ownForm({ cookie }) }))
    expect(admission.isStillIn(guest)).toBe(false)
    const anna = people.guestOf('anna')
    expect(anna && admission.isStillIn(anna)).toBe(false)
  })
})

describe('a refusal', () => {
  it('is a page to a browser, and the program’s own way to a program, without a prompt to scripts of pages', async () => {
    const { admission, key } = await annaAtTheDoor({ services: ['comfy'] })
    const told = async (headers: Parameters<typeof browsing>[0]) => {
      const asked = ask('/sdapi/v1/options', { headers: { authorization: `Bearer ${key}`, ...headers } })
      const refused = await admission.admit(asked)
      if (!('refused' in refused)) throw new Error(outcome(refused))
      return admission.refuse(asked, refused).own
    }

    expect(JSON.parse(String((await told({})).body))).toMatchObject({
      detail: 'This access key is not for forge-neo.',
    })
    const page = await told(browsing({ 'accept-language': 'fr' }))
    expect(page.headers['content-type']).toContain('text/html')
    expect(page.body).toContain('Cette clé d’accès n’est pas valable pour forge-neo.')
    const stranger = ask('/sdapi/v1/options')
    const script = ask('/sdapi/v1/options', { headers: { 'sec-fetch-mode': 'cors' } })
    const answers = await Promise.all(
      [stranger, script].map(async (asked) => {
        const refused = await admission.admit(asked)
        return 'refused' in refused ? admission.refuse(asked, refused).own.headers : {}
      }),
    )
    expect(answers.map((headers) => headers['www-authenticate'])).toEqual(['Basic', undefined])
  })
})

it('door of these tests is the one that the address names', () => {
  expect(new URL(address).port).toBe(String(door.port))
})
