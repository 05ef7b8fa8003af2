import { writeFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { newKey } from '../../../electron/people/key'
import { anna, anyKey, testPeople } from '../../support/people'
import { address, admit, annaAtTheDoor, annaInABrowser, ask, browsing, door, outcome, ownForm } from './asking'

let at: Awaited<ReturnType<typeof testPeople>>
beforeEach(async () => {
  at = await testPeople()
})
afterEach(() => at.remove())

const hour = 3600_000
const bearer = (key: string) => ({ headers: { authorization: `Bearer ${key}` } })
const basic = (text: string) => ({ authorization: `Basic ${Buffer.from(text).toString('base64')}` })

describe('a key', () => {
  it('lets its person in by each of the ways, and is noted with address, client and service', async () => {
    const { ask, key, keyId, people } = await annaAtTheDoor(at)

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
    const { ask, key } = await annaAtTheDoor(at, { services: ['comfy'] })

    expect(await ask('/', bearer(key))).toBe('403 gateway.other-service')
    expect(await ask('/', { ...bearer(key), service: 'comfy' })).toBe('in: anna')
  })

  it('that ended, expired, or whose person is suspended or gone, opens nothing', async () => {
    const { ask, key, keyId, people } = await annaAtTheDoor(at)
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

  it('shown again on one connection is looked up again: none stands in for another, nor for itself once it has ended', async () => {
    const { ask, key, keyId, people } = await annaAtTheDoor(at)
    await people.create({ ...anna, id: 'ben', name: 'Ben' }, 'admin')
    const bens = (await people.createKey({ ...anyKey('ben'), services: ['comfy'] }, 'admin')).key
    const connection = {}
    const asked = (shown: string, service?: string) =>
      ask('/', { ...bearer(shown), connection, ...(service !== undefined && { service }) })

    expect(await asked(key)).toBe('in: anna')
    expect(await asked(key)).toBe('in: anna')
    expect(await asked(bens, 'comfy')).toBe('in: ben')
    expect(await asked(bens), 'a reverse proxy hands on what is asked of another').toBe('403 gateway.other-service')
    expect(await ask('/', { connection })).toBe('401 gateway.key-required')
    expect(await asked(key)).toBe('in: anna')
    expect(await ask(`/?token=${bens}`, { ...bearer(key), connection })).toBe('401 gateway.two-keys')
    await people.endKey(keyId, 'admin')
    expect(await asked(key)).toBe('401 gateway.key-refused')
    expect(await asked(newKey())).toBe('401 gateway.key-refused')
  })

  it('beside another is refused; the same twice, or beside what is none, is not', async () => {
    const { ask, key, people } = await annaAtTheDoor(at)
    const second = (await people.createKey(anyKey('anna'), 'admin')).key

    expect(await ask(`/?token=${second}`, bearer(key))).toBe('401 gateway.two-keys')
    expect(await ask(`/?token=${key}`, bearer(key))).toBe('in: anna')
    expect(await ask('/?token=the-service-secret', bearer(key))).toBe('in: anna')
  })

  it('that is cut off says so, and lets no cookie stand in for it', async () => {
    const { ask, cookie } = await annaInABrowser(at)

    expect(await ask('/', { headers: { cookie } })).toBe('in: anna')
    expect(await ask('/', { headers: { cookie, authorization: 'Bearer rk_short' } })).toBe('401 gateway.key-broken')
    const mistyped = `rk_${'0'.repeat(36)}`
    for (let round = 0; round < 25; round += 1)
      expect(await ask('/', { headers: { cookie, authorization: `Bearer ${mistyped}` } })).toBe(
        '401 gateway.key-broken',
      )
    expect(await ask('/', bearer(newKey())), 'nothing of it was a guess').toBe('401 gateway.key-refused')
  })

  it('kept by a browser as the password of Basic is not lent to another page', async () => {
    const { ask, key } = await annaAtTheDoor(at)
    const authorization = basic(`a:${key}`).authorization

    const foreign = { authorization, origin: 'http://evil.example', 'sec-fetch-site': 'cross-site' }
    expect(await ask('/sdapi/v1/txt2img', { method: 'POST', headers: foreign })).toBe('403 gateway.foreign-page')
    const own = { authorization, origin: address, 'sec-fetch-site': 'same-origin' }
    expect(await ask('/sdapi/v1/txt2img', { method: 'POST', headers: own })).toBe('in: anna')
  })
})

describe('guessing', () => {
  it('costs a wait that grows for the source, never for a right key', async () => {
    const { ask, key, admission } = await annaAtTheDoor(at)
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
    const { ask } = await annaAtTheDoor(at)
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

describe('the door fails closed', () => {
  it('while the vault is locked: known people are told so, strangers are not', async () => {
    const { ask, key, is } = await annaAtTheDoor(at)
    is.vaultOpen = false

    expect(await ask('/', bearer(key))).toBe('503 gateway.vault-locked')
    expect(await ask('/')).toBe('401 gateway.key-required')
  })

  it('where there is no such listener', async () => {
    const { ask, key, is } = await annaAtTheDoor(at)
    is.listening = false

    expect(await ask('/', bearer(key))).toBe('503 gateway.closed')
  })

  it('where people and keys cannot be read: no guess is counted, and no file is named', async () => {
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
    const { admission, people, key, keyId } = await annaAtTheDoor(at)
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

  it('is looked at again as soon as a key ends, by its time as well, or a browser signs out', async () => {
    const there = await annaInABrowser(at)
    const { record } = await there.people.createKey({ ...anyKey('anna') }, 'admin')
    let looked = 0
    const forget = there.admission.onShrink(() => void (looked += 1))

    await there.people.endKey(record.id, 'admin')
    expect(looked).toBe(1)
    await there.admission.admit(ask('/_regie/signout', { method: 'POST', headers: ownForm({ cookie: there.cookie }) }))
    expect(looked).toBe(2)
    forget()
  })

  it('does not begin for somebody whose key ended while it waited its turn', async () => {
    const { admission, people, key, keyId } = await annaAtTheDoor(at)
    const guest = await admission.admit(ask('/', bearer(key)))
    if (!('account' in guest)) throw new Error(outcome(guest))
    let ended = 0
    const admitted = { asked: ask('/'), guest, route: { rule: 'everybody' as const } }
    const turn = admission.lastLook(() => ({ end: () => void (ended += 1) }))

    expect(await turn(admitted)).not.toHaveProperty('refused')
    await people.endKey(keyId, 'admin')
    expect(await turn(admitted)).toMatchObject({ refused: { id: 'gateway.key-refused' }, status: 401 })
    expect(ended).toBe(1)
  })

  it('is no longer a browser’s once it is signed out, and never that of who was not let in', async () => {
    const { admission, people, cookie } = await annaInABrowser(at)
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
    const { admission, key } = await annaAtTheDoor(at, { services: ['comfy'] })
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
    const script = ask('/sdapi/v1/options', { headers: { 'sec-fetch-site': 'same-origin' } })
    const plain = ask('/sdapi/v1/options', { headers: { 'user-agent': 'Mozilla/5.0 (X11)' } })
    // As node's own fetch asks.
    const node = ask('/sdapi/v1/options', { headers: { 'sec-fetch-mode': 'cors', 'user-agent': 'node' } })
    const answers = await Promise.all(
      [stranger, script, plain, node].map(async (asked) => {
        const refused = await admission.admit(asked)
        return 'refused' in refused ? admission.refuse(asked, refused).own.headers : {}
      }),
    )
    expect(answers.map((headers) => headers['www-authenticate'])).toEqual(['Basic', undefined, undefined, 'Basic'])
  })
})

it('door of these tests is the one that the address names', () => {
  expect(new URL(address).port).toBe(String(door.port))
})
