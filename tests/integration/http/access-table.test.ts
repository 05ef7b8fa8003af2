import { once } from 'node:events'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ownerCaller } from '../../../electron/shell/owner-caller'
import {
  accessTable,
  contract,
  Key,
  PanelEvent,
  proceduresOf,
  User,
  type Access,
  type Described,
} from '../../../shared/contract'
import { long } from '../../support/long'
import { bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'
import { anyKey } from '../../support/people'
import { sampleOf } from '../../support/sample'

// The one table of who may what, walked: every procedure, every event and every further route, as nobody, as a user and
// as an administrator.

const table = accessTable(contract)
const rowsOf = (of: 'procedure' | 'event' | 'route') => table.filter((row) => row.of === of)
const procedures = new Map(proceduresOf(contract).map((procedure) => [procedure.name, procedure]))

const password = 'the user password'
const askers = ['nobody', 'user', 'admin'] as const
type Asker = (typeof askers)[number]

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
/** A generation of each account with its picture, and one of the user's that was taken out of the gallery. */
const made = { user: '', admin: '', removed: '' }
const pictureOf: Record<string, string> = {}
/** A key of each account. */
const keyOf = { user: '', admin: '' }
/** A picture that each account gave to generate from. */
const given: Record<'user' | 'admin', string> = { user: '', admin: '' }
const headers: Record<Asker, Record<string, string>> = { nobody: {}, user: {}, admin: {} }
/** The address part that stands for the user's session where an element of the page asks by itself. */
let view = ''

async function generate(by: 'user' | 'admin') {
  const { generations } = running.panel.parts
  const params = { prompt: 'a lighthouse', steps: 1, width: 64, height: 64 }
  const { id } = await generations.create({ by, serviceId: 'comfyui-demo', params })
  for await (const event of generations.watch(id))
    if (event.type === 'update') pictureOf[id] = event.generation.images[0]?.id ?? ''
  return id
}

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
  const { access, services, generations } = running.panel.parts
  await access.setPassword({ role: 'user', password, login: 'desktop', by: null, who: 'owner' })
  const signedIn = await running.sessions.signInWithPassword({ role: 'user', password })
  headers.user = pageHeaders(running.url, signedIn)
  view = signedIn.pageKey.split('.')[1] ?? ''
  headers.admin = pageHeaders(running.url, running.sessions.signIn(running.sessions.issueOneTimeToken()))
  await services.start('comfyui-demo')
  made.user = await generate('user')
  made.admin = await generate('admin')
  made.removed = await generate('admin')
  for (const by of ['user', 'admin'] as const) {
    const image = await generations.image(pictureOf[made[by]] ?? '')
    given[by] = (await running.panel.parts.inputs.keep(by, await image.bytes(), null)).id
  }
  for (const by of ['user', 'admin'] as const) keyOf[by] = (await access.people.createKey(anyKey(by), by)).id
  generations.remove(made.removed, { account: 'admin', sees: null, only: null })
  services.update({ id: 'comfyui-demo', idle: { wake: true } })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

/**
 * What a procedure answers, asked with something that it does not know: whoever may call it is told so, and nothing is
 * done. A stream or a list, which take what they do not know from no one, are told apart by their status all the same.
 */
async function ask({ method, path }: Described, asker: Asker, id: string): Promise<string> {
  const url = new URL(`api/v1${path.replaceAll(/\{\w+\}/g, id)}`, running.url)
  const hasBody = method !== 'GET'
  if (!hasBody) url.searchParams.set('unknownToAll', '1')
  const response = await fetch(url, {
    method,
    headers: { ...headers[asker], ...(hasBody && { 'content-type': 'application/json' }) },
    ...(hasBody && { body: '{"unknownToAll":1}' }),
  })
  const body = (await response.json()) as { data?: { problem?: string } } // every refusal is one
  return `${response.status} ${body.data?.problem ?? ''}`
}

const may = '400 input.invalid'
const unless = { nobody: '401 session.required', user: '403 session.forbidden' }
/** What each is to be answered, by the table's word for it, of what is a user's and of what is another's. */
const expected: Readonly<Record<Access, Record<Asker, { own: string; foreign: string }>>> = (() => {
  const same = (answer: string) => ({ own: answer, foreign: answer })
  const admin = same(may)
  const nobody = same(unless.nobody)
  return {
    public: { nobody: same(may), user: same(may), admin },
    user: { nobody, user: same(may), admin },
    own: { nobody, user: { own: may, foreign: '404' }, admin },
    shared: { nobody, user: { own: may, foreign: '404' }, admin },
    waking: { nobody, user: { own: may, foreign: '403 service.not-wakeable' }, admin },
    admin: { nobody, user: same(unless.user), admin },
  }
})()

/** Ids of what is a user's, or may be started by one, and of what is not. */
function idsFor({ name, access }: Described) {
  if (access === 'waking') return { own: 'comfyui-demo', foreign: 'forge-demo' }
  if (name.startsWith('keys/')) return { own: keyOf.user, foreign: keyOf.admin }
  if (name === 'inputs/get') return { own: given.user, foreign: given.admin }
  if (name.startsWith('images/') || name === 'inputs/fromImage')
    return { own: pictureOf[made.user] ?? '', foreign: pictureOf[made.admin] ?? '' }
  return { own: made.user, foreign: made.admin }
}

async function answersUnlikeTable(asker: Asker): Promise<string[]> {
  const wrong: string[] = []
  const look = async ({ name, access }: { name: string; access: Access }) => {
    const procedure = procedures.get(name)
    if (!procedure) throw new Error(`${name} is in the table alone`)
    for (const whose of ['own', 'foreign'] as const) {
      const answer = await ask(procedure, asker, idsFor(procedure)[whose])
      // A list names nothing that could be another's: what is in it is looked at below.
      const namesNone = !procedure.path.includes('{id}')
      const wanted = expected[access][asker][namesNone ? 'own' : whose]
      if (!answer.startsWith(wanted)) wrong.push(`${asker} ${name} (${whose}): ${answer}, not ${wanted}`)
    }
  }
  const rows = rowsOf('procedure')
  for (let at = 0; at < rows.length; at += 8) await Promise.all(rows.slice(at, at + 8).map(look))
  return wrong
}

/** Of the samples the ids by which events of each account are told apart. */
const samples = PanelEvent.options.map((option) => sampleOf(option))

/** The types of events that somebody is told, over the way that is named, after all of them happened. */
async function eventsTold(asker: Asker, way: 'sse' | 'socket' | 'resumed'): Promise<string[]> {
  const { events } = running.panel.parts
  const tell = () => {
    for (const by of ['user', 'admin']) {
      events.publish({ ...sampleOf(typeOf('generation')), generation: { ...sampleGeneration(), by, id: `of-${by}` } })
      events.publish({ type: 'generation-removed', id: `removed-${by}`, by })
      events.publish({ ...sampleOf(typeOf('preferences')), account: by })
      events.publish({ type: 'user', user: { ...sampleOf(User), id: by } })
      events.publish({ type: 'key', key: { ...sampleOf(Key), id: `of-${by}`, userId: by } })
    }
    for (const event of samples) if (!perAccount.has(event.type)) events.publish(event)
    events.publish({ type: 'service-removed', id: 'the-last' })
  }
  const text = way === 'socket' ? await overSocket(asker, tell) : await overHttp(asker, tell, way === 'resumed')
  return [
    ...text.matchAll(
      /"type":"([\w-]+)"(?:,"id":"([\w-]+)"|,"(?:generation|user|key)":\{"id":"([\w-]+)"|,"account":"(\w+)")?/g,
    ),
  ]
    .map(([, type = '', ...of]) => [type, of.find(Boolean)].filter(Boolean).join(' '))
    .filter((told) => !told.startsWith('service-removed the'))
}

const perAccount = new Set(['generation', 'generation-removed', 'preferences', 'user', 'key', 'hello'])
const typeOf = <T extends PanelEvent['type']>(type: T) =>
  PanelEvent.options.find((option) => option.shape.type.value === type) as Extract<
    (typeof PanelEvent.options)[number],
    { shape: { type: { value: T } } }
  > // found by its own name
const sampleGeneration = () => sampleOf(typeOf('generation').shape.generation)

async function overHttp(asker: Asker, tell: () => void, isResumed: boolean): Promise<string> {
  const url = new URL('api/v1/events', running.url)
  const read = async (lastEventId: string | null, isEnough: (text: string) => boolean, begun: () => void) => {
    const gone = new AbortController()
    const resumes = lastEventId === null ? {} : { 'last-event-id': lastEventId }
    const response = await fetch(url, { headers: { ...headers[asker], ...resumes }, signal: gone.signal })
    let text = ''
    begun()
    for await (const bytes of response.body ?? []) {
      text += new TextDecoder().decode(bytes)
      if (isEnough(text)) break
    }
    gone.abort()
    return text
  }
  const isWhole = (text: string) => text.includes('the-last')
  if (!isResumed) return read(null, isWhole, tell)
  const first = await read(
    null,
    (text) => text.includes('hello'),
    () => undefined,
  )
  tell()
  return read(/^id: (.+)$/m.exec(first)?.[1] ?? '', isWhole, () => undefined)
}

async function overSocket(asker: Asker, tell: () => void): Promise<string> {
  const address = new URL('rpc/ws', running.url).href.replace('http', 'ws')
  const socket = new WebSocket(address, { origin: new URL(running.url).origin, headers: headers[asker] })
  await once(socket, 'open')
  let text = ''
  let isTold = false
  const whole = new Promise<void>((resolve) => {
    socket.on('message', (data: Buffer) => {
      text += data.toString()
      if (text.includes('hello') && !isTold) {
        isTold = true
        tell()
      }
      if (text.includes('the-last') || text.includes('session.required')) resolve()
    })
  })
  socket.send(JSON.stringify({ i: '1', p: { u: '/system/events', b: {} } }))
  await whole
  socket.terminate()
  return text
}

describe('the table of who may what', () => {
  it('has every procedure, every event and every further route', () => {
    expect(rowsOf('procedure').map(({ name }) => name)).toEqual([...procedures.keys()])
    expect(
      rowsOf('event')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(PanelEvent.options.map(({ shape }) => shape.type.value).sort())
    const all = new Set(table.map(({ access }) => access))
    expect([...all].sort()).toEqual(Object.keys(expected).sort())
  })

  const holds = 'holds for every procedure, asked as %s, of what is their own and of what is not'
  const holdsFor = async (asker: Asker) => {
    expect(await answersUnlikeTable(asker)).toEqual([])
  }
  it.each(['user', 'admin'] as const)(holds, holdsFor)
  // That each refuses a stranger is in access.test.ts.
  it.each(['nobody'] as const)(holds, long, holdsFor)

  it('holds for everybody’s pictures once the gallery is shared, which changes nothing of who may delete them', async () => {
    const answers = async () => {
      const rows = ['shared', 'own'].flatMap((access) =>
        [...procedures.values()].filter((one) => one.access === access && one.path.includes('{id}')),
      )
      return new Map(
        await Promise.all(
          rows.map(async (one) => [one.access, (await ask(one, 'user', idsFor(one).foreign)).slice(0, 3)] as const),
        ),
      )
    }
    await running.rest('PATCH', 'settings', { galleryShared: true })
    const shared = await answers()
    await running.rest('PATCH', 'settings', { galleryShared: false })

    expect([shared, await answers()]).toEqual([
      new Map([
        ['shared', '400'],
        ['own', '404'],
      ]),
      new Map([
        ['shared', '404'],
        ['own', '404'],
      ]),
    ])
  })

  it.each(['sse', 'socket', 'resumed'] as const)('holds for every event, told by %s', async (way) => {
    const own = (types: string[]) => types.filter((told) => !/admin$/.test(told)).sort()
    const admin = await eventsTold('admin', way)
    const user = await eventsTold('user', way)

    const plain = rowsOf('event').filter(({ name }) => !perAccount.has(name))
    const everything = [
      ...plain.map(({ name }) => name),
      ...['user', 'admin'].flatMap((by) => [
        `generation of-${by}`,
        `generation-removed removed-${by}`,
        `preferences ${by}`,
        `user ${by}`,
        `key of-${by}`,
      ]),
    ]
    // A look at the simulators may tell of a service once more.
    const named = (told: string[]) => [
      ...new Set(told.filter((one) => !one.startsWith('hello')).map((one) => one.replace(/ sample$/, ''))),
    ]
    expect(named(admin).sort()).toEqual(everything.sort())
    const ofUsers = plain.filter(({ access }) => access === 'user').map(({ name }) => name)
    expect(named(user).sort()).toEqual(own([...ofUsers, ...everything.filter((told) => told.includes(' '))]))
    if (way !== 'resumed') expect(named(await eventsTold('nobody', way))).toEqual([])
  })

  it('holds for every further route', async () => {
    const paths: Record<string, string> = {
      '/assets/{file}': '/assets/main-abc.js',
      '/signin': '/signin?token=made-up',
    }
    const ofAdmins = { nobody: 401, user: 403, admin: 200 }
    for (const { name, access } of rowsOf('route')) {
      if (name === '/rpc/ws') continue // opened above; each call over it is a procedure
      for (const asker of askers) {
        const response = await fetch(new URL(paths[name] ?? name, running.url), { headers: headers[asker] })
        // A link that was never printed opens nothing; everything else is the program itself.
        const ofAll = name === '/signin' ? 401 : 200
        expect(['public', 'admin']).toContain(access)
        expect([asker, name, response.status]).toEqual([asker, name, access === 'admin' ? ofAdmins[asker] : ofAll])
      }
    }
  })
})

describe('what an element of a page asks by itself, as a user', () => {
  const status = async (path: string) => {
    const url = new URL(`${path}?view=${view}`, running.url)
    return (await fetch(url, { headers: { cookie: headers.user['cookie'] ?? '' } })).status
  }

  it('is a picture of his own, and neither another’s nor a log', async () => {
    expect(await status(`api/v1/images/${pictureOf[made.user]}`)).toBe(200)
    expect(await status(`api/v1/images/${pictureOf[made.user]}/thumbnail`)).toBe(200)
    expect(await status(`api/v1/images/${pictureOf[made.admin]}`)).toBe(404)
    expect(await status(`api/v1/images/${pictureOf[made.admin]}/thumbnail`)).toBe(404)
    expect(await status('api/v1/services/comfyui-demo/logs/file')).toBe(403)
  })

  it('is a picture that he gave to generate from, not another account’s', async () => {
    expect(await status(`api/v1/inputs/${given.user}`)).toBe(200)
    expect(await status(`api/v1/inputs/${given.admin}`)).toBe(404)
    // Nor without the key, or with one that is made up: the cookie alone goes to every port of this host.
    const plain = { headers: { cookie: headers.user['cookie'] ?? '' } }
    for (const query of ['', `?view=${'x'.repeat(32)}`])
      expect((await fetch(new URL(`api/v1/inputs/${given.user}${query}`, running.url), plain)).status).toBe(401)
  })
})

describe('the gallery of a user', () => {
  const list = async (asker: Asker, query = '') => {
    const response = await fetch(new URL(`api/v1/generations${query}`, running.url), { headers: headers[asker] })
    const { items } = (await response.json()) as { items: { id: string; by: string }[] } // a page of it
    return items.map(({ by }) => by)
  }
  const asUser = (method: string, path: string) =>
    fetch(new URL(`api/v1/${path}`, running.url), { method, headers: headers.user }).then(({ status }) => status)

  it('holds his own alone, whatever is searched for, and everybody’s while it is shared', async () => {
    const people = async () => {
      const response = await fetch(new URL('api/v1/gallery/people', running.url), { headers: headers.user })
      return ((await response.json()) as { account: string }[]).map(({ account }) => account) // whose there are
    }
    expect([await list('user'), await list('user', '?search=lighthouse'), await list('admin')]).toEqual([
      ['user'],
      ['user'],
      ['admin', 'user'],
    ])
    expect([await list('user', '?by=admin'), await list('admin', '?by=user'), await people()]).toEqual([
      [],
      ['user'],
      ['user'],
    ])
    await running.rest('PATCH', 'settings', { galleryShared: true })
    expect(await list('user')).toEqual(['admin', 'user'])
    expect([await list('user', '?by=admin'), (await people()).sort()]).toEqual([['admin'], ['admin', 'user']])
    // What he may delete of these.
    expect(
      await (await fetch(new URL('api/v1/gallery/ids?mine=true', running.url), { headers: headers.user })).json(),
    ).toEqual({ ids: [made.user] })
    await running.rest('PATCH', 'settings', { galleryShared: false })
    const { items } = await running.panel.parts.audit.list({ topic: 'gallery', limit: 2 })
    expect(items.map(({ action, account }) => [action, account])).toEqual([
      ['gallery.unshared', 'admin'],
      ['gallery.shared', 'admin'],
    ])
  })

  it('another’s picture is not found, however it is named, and not deleted while it is shared either', async () => {
    for (const isShared of [false, true]) {
      await running.rest('PATCH', 'settings', { galleryShared: isShared })
      expect(await asUser('DELETE', `generations/${made.admin}`)).toBe(404)
      expect(await asUser('POST', `generations/${made.admin}/cancel`)).toBe(404)
      expect(await asUser('POST', `generations/${made.removed}/restore`)).toBe(404)
    }
    await running.rest('PATCH', 'settings', { galleryShared: false })
    expect(await asUser('GET', `images/${made.admin}`)).toBe(404)
    expect(await asUser('GET', `generations/${pictureOf[made.admin]}`)).toBe(404)
    expect(running.panel.parts.generations.get(made.admin).id).toBe(made.admin)
  })

  it('another’s is not found over RPC either, whatever else is sent that the procedure does not know', async () => {
    const image = pictureOf[made.admin]
    const asked = async (path: string, json: unknown) => {
      const body = JSON.stringify({ json })
      const init = { method: 'POST', headers: { ...headers.user, 'content-type': 'application/json' }, body }
      return [path, (await fetch(new URL(`rpc/${path}`, running.url), init)).status]
    }
    for (const beside of [{}, { ids: [1] }, { ids: 5 }, { ids: [made.user] }, { ids: null }]) {
      for (const name of ['get', 'cancel', 'remove', 'restore', 'watch'])
        expect(await asked(`generations/${name}`, { id: made.admin, ...beside })).toEqual([`generations/${name}`, 404])
      for (const name of ['get', 'thumbnail', 'metadata'])
        expect(await asked(`images/${name}`, { id: image, ...beside })).toEqual([`images/${name}`, 404])
      expect(await asked('services/start', { id: 'forge-demo', ...beside })).not.toContain(200)
    }
    for (const id of [1, null, [made.admin]])
      expect(await asked('gallery/change', { id, ids: [made.admin], bin: true })).toEqual(['gallery/change', 404])
  })

  it('knows nothing of what others deleted while the gallery is shared', async () => {
    const call = async (method: string, path: string, body?: object) => {
      const init = { method, headers: { ...headers.user, ...(body && { 'content-type': 'application/json' }) } }
      const response = await fetch(new URL(`api/v1/${path}`, running.url), {
        ...init,
        ...(body && { body: JSON.stringify(body) }),
      })
      return { status: response.status, body: method === 'HEAD' ? null : ((await response.json()) as unknown) }
    }
    const ids = [made.removed]
    await running.rest('PATCH', 'settings', { galleryShared: true })
    for (const path of ['', '/thumbnail', '/metadata'])
      expect([path, await call('GET', `images/${pictureOf[made.removed]}${path}`)]).toMatchObject([
        path,
        { status: 404 },
      ])
    expect(await call('GET', 'gallery/totals')).toMatchObject({ body: { bin: { generations: 0 } } })
    expect(await call('POST', 'gallery/archives', { ids })).toMatchObject({ status: 404 })
    const marked = await call('POST', 'gallery/changes', { ids: [made.admin, ...ids], favourite: true })
    expect(marked).toMatchObject({
      body: { changed: [made.admin], refused: [{ reason: { problem: 'generation.not-found' } }] },
    })
    expect(await running.rest('GET', 'gallery/totals')).toMatchObject({ body: { bin: { generations: 1 } } })
    expect(await running.rest('GET', `images/${pictureOf[made.removed]}`).catch(() => 'a picture')).toBe('a picture')
    await running.rest('PATCH', 'settings', { galleryShared: false })
  })

  it('that follows another’s picture is cut off when the gallery is no longer shared', async () => {
    await running.rest('PATCH', 'settings', { galleryShared: true })
    const params = { prompt: 'slow', steps: 150, width: 64, height: 64 }
    const { generations } = running.panel.parts
    const { id } = await generations.create({ by: 'admin', serviceId: 'comfyui-demo', params })
    const response = await fetch(new URL(`api/v1/generations/${id}/stream`, running.url), { headers: headers.user })
    const text = response.text()
    const told = overHttp('user', () => void running.rest('PATCH', 'settings', { galleryShared: false }), false)

    expect(await text).toContain('generation.not-found')
    // Who is told that goes on being told what happens.
    running.panel.parts.preferences.change('user', { theme: 'light' })
    running.panel.parts.events.publish({ type: 'service-removed', id: 'the-last' })
    expect((await told).match(/"type":"(?!hello|generation|service")[\w-]+"/g)).toEqual([
      '"type":"gallery-shared"',
      '"type":"preferences"',
      '"type":"service-removed"',
    ])
    await generations.cancel(id)
  })

  it('his own he deletes, and takes back', async () => {
    expect(await asUser('DELETE', `generations/${made.user}`)).toBe(200)
    expect(await list('user')).toEqual([])
    expect(await asUser('POST', `generations/${made.user}/restore`)).toBe(200)
    expect(await list('user')).toEqual(['user'])
  })
})

it('at the desktop the owner stays administrator while there is no admin password', async () => {
  const owner = ownerCaller(running.panel.parts.owner)
  const asked = (path: string) => running.panel.handler(new Request(`regie://panel/api/v1/${path}`), owner)

  expect([owner.role, owner.account]).toEqual(['admin', 'admin'])
  for (const path of ['settings', 'credentials', 'audit', `generations/${made.user}`])
    expect([path, (await asked(path)).status]).toEqual([path, 200])
})

it('a user starts what may be woken, and nothing else; he stops neither', async () => {
  const post = async (path: string) => {
    const response = await fetch(new URL(`api/v1/services/${path}`, running.url), {
      method: 'POST',
      headers: headers.user,
    })
    const body = (await response.json()) as { data?: { problem: string }; health?: { state: string } } // either
    return `${response.status} ${body.data?.problem ?? body.health?.state ?? ''}`
  }
  expect(await post('comfyui-demo/start')).toBe('200 ready')
  expect(await post('forge-demo/start')).toBe('403 service.not-wakeable')
  expect(await post('none/start')).toBe('404 service.not-found')
  for (const act of ['stop', 'restart']) expect(await post(`comfyui-demo/${act}`)).toBe('403 session.forbidden')
})
