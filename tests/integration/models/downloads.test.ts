import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { LookupFunction } from 'node:net'
import { link, mkdir, readdir, readFile, stat, symlink, unlink, writeFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { idOf } from '../../../electron/models/entries'
import type { Models } from '../../../electron/models'
import { Problem } from '../../../shared/problems'
import { certified, httpServer, type Taken } from '../../support/alerts'
import { long } from '../../support/long'
import { safetensors, shapesOf } from '../../support/model-files'
import { startModels, type ModelsOptions } from '../../support/model-library'
import { until } from '../../support/until'

type Server = Awaited<ReturnType<typeof httpServer>>
type Authority = Awaited<ReturnType<typeof certified>>
let authority: Authority
let hub: Server
let cdn: Server
beforeAll(async () => {
  authority = await certified('hub.test', 'cdn.test')
  hub = await httpServer(authority)
  cdn = await httpServer(authority)
})
afterAll(async () => {
  await hub[Symbol.asyncDispose]()
  await cdn[Symbol.asyncDispose]()
})

const publicAddress = '93.184.215.14'
/** What the names of the tests stand for. */
const addresses: Record<string, string[]> = {
  'hub.test': [publicAddress],
  'cdn.test': [publicAddress],
  'inside.test': ['10.1.2.3'],
  'both.test': [publicAddress, '169.254.169.254'],
  'mapped.test': ['::ffff:127.0.0.1'],
}
const lookup: LookupFunction = (name, options, answer) => {
  const found = (addresses[name] ?? []).map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
  if (options.all === true) answer(null, found)
  else answer(null, found[0]?.address ?? '', 4)
}

const token = 'hf_0123456789abcdefghijTESTONLY'
const bytes = Buffer.concat([safetensors(shapesOf.sdxl), Buffer.alloc(300_000, 5)])
const sha256 = createHash('sha256').update(bytes).digest('hex')
const etag = '"one"'

type Started = Awaited<ReturnType<typeof startModels>>
let here: Started | null = null
let models: Models | null = null
const tokens: Record<string, string> = { hub: token }

async function start(options: Partial<ModelsOptions> = {}) {
  here = await startModels(
    { 'comfyui-a': 'comfyui' },
    {
      wire: { lookup, ca: authority.ca, reach: () => '127.0.0.1', stallMs: 3000 },
      tokenOf: (id) => Promise.resolve(id === null ? null : (tokens[id] ?? null)),
      retryMs: [],
      ...options,
    },
  )
  await mkdir(here.at('comfyui-a/models/checkpoints'), { recursive: true })
  return reopen()
}
async function reopen(): Promise<Models> {
  if (!here) throw new Error('start first')
  await models?.close()
  models = await here.open()
  await models.library.scan()
  return models
}
const folder = () => here?.at('comfyui-a/models/checkpoints') ?? ''
const inFolder = () => readdir(folder())
afterEach(async () => {
  await models?.close()
  models = null
  expect(here?.bugs ?? []).toEqual([])
  expect(JSON.stringify(here?.audited ?? [])).not.toContain(token)
  expect(JSON.stringify(here?.audited ?? [])).not.toContain('Signature')
  await here?.remove()
  here = null
  for (const server of [hub, cdn]) {
    server.taken.length = 0
    server.does.answer = (response) => void response.writeHead(404).end()
  }
})

const signal = new AbortController().signal
const at = (server: Server, host: string, path = '/model.safetensors') => `https://${host}:${server.port}${path}`
const wanted = (address: string, more: object = {}) => ({ address, folderId: idOf(folder()), ...more })
const confirmed = (address: string, more: object = {}) => ({
  ...wanted(address, more),
  confirm: { bytes: bytes.length, name: 'model.safetensors' },
})

/** Serves the file as a good server does, from where it is asked; `cut`: only so much of each answer. */
function serve(
  response: ServerResponse,
  { headers }: Taken,
  options: { cut?: number; body?: Buffer; tag?: string } = {},
) {
  const { body = bytes, tag = etag, cut } = options
  const asked = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
  const isSame = headers['if-range'] === undefined || headers['if-range'] === tag
  const from = asked && isSame ? Number(asked[1]) : 0
  const to = asked && isSame && asked[2] !== '' ? Number(asked[2]) + 1 : body.length
  response.writeHead(asked && isSame ? 206 : 200, {
    ...{ etag: tag, 'content-length': to - from },
    ...(asked && isSame && { 'content-range': `bytes ${from}-${to - 1}/${body.length}` }),
  })
  if (cut === undefined || to - from <= cut) response.end(body.subarray(from, to))
  else {
    response.write(body.subarray(from, from + cut))
    // What a cut tears away before it was read is the network's affair: here all of it has come.
    const hasCome = () => (models?.downloads.list()[0]?.doneBytes ?? 0) >= from + cut
    void until('that has come', hasCome).then(
      () => response.destroy(),
      () => response.destroy(),
    )
  }
}
const stateOf = (id: string) => models?.downloads.list().find((one) => one.id === id)
const ended = (id: string) =>
  until('the download has ended', () => {
    const one = stateOf(id)
    return one && ['done', 'failed'].includes(one.state) ? one : null
  })

describe('a download', () => {
  test('is told first, then comes whole under its name, for services to read', async () => {
    const { downloads, library } = await start()
    hub.does.answer = serve
    const plan = await downloads.plan(wanted(at(hub, 'hub.test', '/a/model.safetensors?Signature=abc')), signal)
    expect(plan).toMatchObject({
      ...{
        name: 'model.safetensors',
        bytes: bytes.length,
        canResume: true,
        sha256: null,
        runsCode: false,
        exists: false,
      },
      hosts: [`hub.test:${hub.port}`],
      address: at(hub, 'hub.test', '/a/model.safetensors'),
    })
    expect(await inFolder()).toEqual([])
    const { id } = await downloads.start(
      confirmed(at(hub, 'hub.test', '/a/model.safetensors?Signature=abc')),
      'me',
      signal,
    )
    expect(await ended(id)).toMatchObject({ state: 'done', doneBytes: bytes.length })
    expect(await readFile(`${folder()}/model.safetensors`)).toEqual(bytes)
    expect(await inFolder()).toEqual(['model.safetensors'])
    if (process.platform !== 'win32') expect((await stat(`${folder()}/model.safetensors`)).mode & 0o777).toBe(0o644)
    await until('it is listed', () => library.files().some(({ name }) => name === 'model.safetensors'))
    expect(here?.audited.map(({ action }) => action)).toEqual(['models.download', 'models.download-ended'])
  })

  test('goes on where a cut left it, with the same file alone', async () => {
    const { downloads } = await start({ retryMs: [1, 1, 1, 1, 1, 1, 1, 1] })
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 60_000 })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    expect(await ended(id)).toMatchObject({ state: 'done' })
    expect(await readFile(`${folder()}/model.safetensors`)).toEqual(bytes)
    const resumed = hub.taken.filter(({ headers }) => /^bytes=[1-9]\d*-$/.test(headers.range ?? ''))
    expect(resumed.length).toBeGreaterThan(2)
    expect(resumed.every(({ headers }) => headers['if-range'] === etag)).toBe(true)
  })

  test('that was cut is kept, told, and resumed on a person’s word', long, async () => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    expect(await ended(id)).toMatchObject({ state: 'failed', doneBytes: 100_000, reason: { problem: 'library.cut' } })
    hub.does.answer = serve
    await downloads.resume(id)
    await until('it is done', () => stateOf(id)?.state === 'done')
    expect(await readFile(`${folder()}/model.safetensors`)).toEqual(bytes)
  })

  test('whose file has become another one is not mixed with it', async () => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await ended(id)
    const other = Buffer.from(bytes)
    other.fill(9, bytes.length - 1000)
    hub.does.answer = (response, taken) => serve(response, taken, { body: other, tag: '"two"' })
    await downloads.resume(id)
    await until('it is done', () => stateOf(id)?.state === 'done')
    expect(await readFile(`${folder()}/model.safetensors`)).toEqual(other)
  })

  test('is paused, goes on after a restart, and is discarded without a trace', long, async () => {
    const first = await start()
    hub.does.answer = (response, taken) => {
      if (taken.headers.range === 'bytes=0-0') serve(response, taken)
      else response.writeHead(200, { etag, 'content-length': bytes.length }).write(bytes.subarray(0, 50_000))
    }
    const { id } = await first.downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await until('some is there', () => (stateOf(id)?.doneBytes ?? 0) >= 50_000)
    expect(await first.downloads.pause(id)).toMatchObject({ state: 'paused' })
    expect(await inFolder()).toEqual([`.model.safetensors.${id}.regie-part`])

    const second = await reopen()
    second.downloads.begin()
    expect(stateOf(id)).toMatchObject({ state: 'paused' })
    hub.does.answer = serve
    await second.downloads.resume(id)
    await ended(id)
    expect(await readFile(`${folder()}/model.safetensors`)).toEqual(bytes)
    await second.downloads.discard(id, 'me')
    expect(second.downloads.list()).toEqual([])
    expect(await inFolder()).toEqual(['model.safetensors'])
  })

  test('that was under way when the panel ended goes on by itself', async () => {
    const first = await start()
    hub.does.answer = (response, taken) => {
      if (taken.headers.range === 'bytes=0-0') serve(response, taken)
      else response.writeHead(200, { etag, 'content-length': bytes.length }).write(bytes.subarray(0, 50_000))
    }
    const { id } = await first.downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await until('some is there', () => (stateOf(id)?.doneBytes ?? 0) >= 50_000)
    const second = await reopen()
    hub.does.answer = serve
    second.downloads.begin()
    await ended(id)
    expect(await readFile(`${folder()}/model.safetensors`)).toEqual(bytes)
    expect(hub.taken.at(-1)?.headers.range).toBe('bytes=50000-')
  })

  test('that needs a token waits while the vault is locked, and goes on when it is unlocked', async () => {
    let isLocked = false
    const tokenOf = () => {
      if (isLocked) throw new Problem('vault.locked')
      return Promise.resolve(token)
    }
    const { downloads } = await start({ tokenOf })
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test'), { credentialId: 'hub' }), 'me', signal)
    await ended(id)
    isLocked = true
    hub.does.answer = serve
    await downloads.resume(id)
    const held = { state: 'waiting', doneBytes: 100_000, reason: { problem: 'vault.locked' } }
    await until('it waits', () => stateOf(id)?.reason?.problem === 'vault.locked')
    expect(stateOf(id)).toMatchObject(held)

    // The next start finds the vault locked too, and what others download is not kept up.
    const second = await reopen()
    second.begin()
    await until('it waits again', () => stateOf(id)?.reason?.problem === 'vault.locked')
    expect(stateOf(id)).toMatchObject(held)
    const asked = hub.taken.length
    isLocked = false
    second.downloads.unlocked()
    await until('it is done', () => stateOf(id)?.state === 'done')
    expect(hub.taken.slice(asked).map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`])
    expect(await readFile(`${folder()}/model.safetensors`)).toEqual(bytes)
  })

  test('that was killed right after it had come under its name is done', async () => {
    const first = await start()
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const { id } = await first.downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await ended(id)
    const part = `${folder()}/.model.safetensors.${id}.regie-part`
    await writeFile(part, bytes)
    await link(part, `${folder()}/model.safetensors`)
    await first.downloads.resume(id)
    await until('it is done', () => stateOf(id)?.state === 'done')
    expect(await inFolder()).toEqual(['model.safetensors'])
  })

  test('discarded in the middle leaves nothing', async () => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await ended(id)
    await downloads.discard(id, 'me')
    expect(await inFolder()).toEqual([])
  })

  test('another file for a name that one is coming to is refused, and the same one joins it', async () => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => {
      if (taken.headers.range === 'bytes=0-0') serve(response, taken)
      else response.writeHead(200, { etag, 'content-length': bytes.length }).write(bytes.subarray(0, 50_000))
    }
    const one = confirmed(at(hub, 'hub.test'))
    const [first, second] = await Promise.all([1, 2].map(() => downloads.start(one, 'me', signal)))
    expect(second?.id).toBe(first?.id)
    expect(downloads.list()).toHaveLength(1)
    const other = confirmed(at(hub, 'hub.test', '/other/model.safetensors'))
    await expect(downloads.start(other, 'me', signal)).rejects.toMatchObject({ id: 'library.taken' })
  })

  test('discarded twice at once takes no other one along', async () => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const first = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await ended(first.id)
    const name = 'other.safetensors'
    const other = { ...confirmed(at(hub, 'hub.test'), { name }), confirm: { bytes: bytes.length, name } }
    const second = await downloads.start(other, 'me', signal)
    await ended(second.id)
    const twice = await Promise.allSettled([1, 2].map(() => downloads.discard(first.id, 'me')))
    expect(twice.map(({ status }) => status)).toEqual(['fulfilled', 'rejected'])
    expect(downloads.list().map(({ id }) => id)).toEqual([second.id])
  })

  test('of a server that cannot go on, and ends sooner or later each time, is given up', async () => {
    const { downloads } = await start({ retryMs: [1, 1] })
    let asked = 0
    hub.does.answer = (response, taken) => {
      if (taken.headers.range === 'bytes=0-0') {
        response.writeHead(200, { 'content-length': bytes.length }).end(bytes)
        return
      }
      const cut = asked++ % 2 === 0 ? 100_000 : 50_000
      response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, cut))
      const hasCome = () => (models?.downloads.list()[0]?.doneBytes ?? 0) === cut
      void until('that has come', hasCome).then(
        () => response.destroy(),
        () => response.destroy(),
      )
    }
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: { problem: 'library.cut' } })
    expect(asked).toBe(3)
  })

  test.skipIf(process.platform === 'win32')('is not written through a link in its place', async () => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await ended(id)
    const part = `${folder()}/.model.safetensors.${id}.regie-part`
    const own = here?.at('private') ?? ''
    await writeFile(own, 'mine', { mode: 0o600 })
    await unlink(part)
    await symlink(own, part)
    hub.does.answer = serve
    await downloads.resume(id)
    await until('it has failed', () => stateOf(id)?.reason?.problem === 'library.failed')
    expect(await readFile(own, 'utf8')).toBe('mine')
    expect((await stat(own)).mode & 0o777).toBe(0o600)
  })

  test('that would no longer fit when it goes on is not fetched', async () => {
    let free = 1e9
    const { downloads } = await start({ room: () => Promise.resolve(free) })
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await ended(id)
    free = 1000
    const asked = hub.taken.length
    await downloads.resume(id)
    await until('it has failed', () => stateOf(id)?.reason?.problem === 'library.no-room')
    expect(hub.taken).toHaveLength(asked)
  })

  test('never takes the place of a file that is there', async () => {
    const { downloads } = await start()
    hub.does.answer = serve
    await writeFile(`${folder()}/model.safetensors`, 'mine')
    await expect(downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)).rejects.toMatchObject({
      id: 'library.taken',
    })
    expect(await readFile(`${folder()}/model.safetensors`, 'utf8')).toBe('mine')
  })

  test('never takes the place of a file that has come meanwhile', async () => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => serve(response, taken, { cut: 100_000 })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    await ended(id)
    await writeFile(`${folder()}/model.safetensors`, 'mine')
    hub.does.answer = serve
    await downloads.resume(id)
    await until('it has failed', () => stateOf(id)?.reason?.problem === 'library.taken')
    expect(await readFile(`${folder()}/model.safetensors`, 'utf8')).toBe('mine')
  })
})

describe('what is not what it says', () => {
  test.each([
    ['another hash', bytes, '0'.repeat(64), 'library.wrong-hash'],
    ['no model behind its name', Buffer.alloc(bytes.length, 1), undefined, 'library.no-model'],
  ])('%s: deleted, and told', async (_what, body, hash, problem) => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => serve(response, taken, { body })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test'), hash ? { sha256: hash } : {}), 'me', signal)
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: { problem } })
    expect(await inFolder()).toEqual([])
  })

  test('the right hash is taken', async () => {
    const { downloads } = await start()
    hub.does.answer = serve
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test'), { sha256 }), 'me', signal)
    expect(await ended(id)).toMatchObject({ state: 'done' })
  })

  test('a server that sends more than it has said', async () => {
    const { downloads } = await start()
    hub.does.answer = (response, taken) => {
      if (taken.headers.range === 'bytes=0-0') serve(response, taken)
      else response.writeHead(200, { etag, 'transfer-encoding': 'chunked' }).end(Buffer.concat([bytes, bytes]))
    }
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)
    expect(await ended(id)).toMatchObject({ state: 'failed', reason: { problem: 'library.other-file' } })
    expect(await inFolder()).toEqual([])
  })

  test('another file than the one that was confirmed', async () => {
    const { downloads } = await start()
    hub.does.answer = serve
    const other = { ...confirmed(at(hub, 'hub.test')), confirm: { bytes: 5, name: 'model.safetensors' } }
    await expect(downloads.start(other, 'me', signal)).rejects.toMatchObject({ id: 'library.other-file' })
  })

  test.each([
    ['a page', 200, { 'content-type': 'text/html', 'content-length': '5' }, 'library.page'],
    ['a refusal', 403, {}, 'library.refused'],
    ['nothing there', 404, {}, 'library.answer'],
    ['no size', 200, { 'transfer-encoding': 'chunked' }, 'library.no-size'],
  ])('%s', async (_what, status, headers, id) => {
    const { downloads } = await start()
    hub.does.answer = (response) => void response.writeHead(status, headers).end('hello')
    await expect(downloads.plan(wanted(at(hub, 'hub.test')), signal)).rejects.toMatchObject({ id })
  })

  test('a disk without room is told first', async () => {
    const { downloads } = await start({ room: () => Promise.resolve(1000) })
    hub.does.answer = serve
    expect((await downloads.plan(wanted(at(hub, 'hub.test')), signal)).leftBytes).toBeLessThan(0)
    await expect(downloads.start(confirmed(at(hub, 'hub.test')), 'me', signal)).rejects.toMatchObject({
      id: 'library.no-room',
    })
  })
})

describe('where it leads', () => {
  const redirect = (to: string) => (response: ServerResponse) => void response.writeHead(302, { location: to }).end()

  test('a token goes to its own host alone, and the hub’s hash is believed', async () => {
    const { downloads } = await start()
    hub.does.answer = (response) =>
      void response
        .writeHead(302, { location: at(cdn, 'cdn.test', '/blob?Signature=x'), 'x-linked-etag': `"${sha256}"` })
        .end()
    cdn.does.answer = serve
    const more = { credentialId: 'hub', name: 'model.safetensors' }
    const plan = await downloads.plan(wanted(at(hub, 'hub.test'), more), signal)
    expect(plan).toMatchObject({ hosts: [`hub.test:${hub.port}`, `cdn.test:${cdn.port}`], sha256, hashFrom: 'hub' })
    const { id } = await downloads.start(confirmed(at(hub, 'hub.test'), more), 'me', signal)
    expect(await ended(id)).toMatchObject({ state: 'done' })
    expect(hub.taken.length).toBeGreaterThan(0)
    expect(cdn.taken.length).toBeGreaterThan(0)
    expect(hub.taken.every(({ headers }) => headers.authorization === `Bearer ${token}`)).toBe(true)
    expect(cdn.taken.every(({ headers }) => headers.authorization === undefined)).toBe(true)
    expect(await readFile(here?.at('model-downloads.json') ?? '', 'utf8')).not.toContain(token)
  })

  test.each([
    ['without encryption', 'http://cdn.test/x', 'library.not-https'],
    ['to this machine', 'https://127.0.0.1/x', 'library.private'],
    ['to this machine by IPv6', 'https://[::1]/x', 'library.private'],
    ['to this machine in other clothes', 'https://[::ffff:7f00:1]/x', 'library.private'],
    ['to this machine as one number', 'https://2130706433/x', 'library.private'],
    ['to this machine in hex and octal', 'https://0x7f.0.0.01/x', 'library.private'],
    ['to this machine in short, with a dot behind', 'https://127.1./x', 'library.private'],
    ['to this machine in digits of circles', 'https://%E2%91%A0%E2%91%A1%E2%91%A6.0.0.1/x', 'library.private'],
    ['to nowhere, which is this machine', 'https://0/x', 'library.private'],
    ['to a private address behind a translation', 'https://[64:ff9b::a00:1]/x', 'library.private'],
    ['to a private address behind a relay', 'https://[2002:a00:1::]/x', 'library.private'],
    ['to a link-local address of a zone', 'https://[fe80::1%25eth0]/x', 'library.address'],
    ['to a cloud’s own address', 'https://169.254.169.254/latest/meta-data', 'library.private'],
    ['to a private name', 'https://inside.test/x', 'library.private'],
    ['to a name with a private address among others', 'https://both.test/x', 'library.private'],
    ['to a name with a mapped address', 'https://mapped.test/x', 'library.private'],
    ['to another scheme', 'file:///etc/passwd', 'library.not-https'],
    ['with a password', 'https://me:secret@cdn.test/x', 'library.secret-in-address'],
  ])('a redirect %s is not followed', async (_what, to, id) => {
    const { downloads } = await start()
    hub.does.answer = redirect(to)
    await expect(downloads.plan(wanted(at(hub, 'hub.test')), signal)).rejects.toMatchObject({ id })
    // Not even where the first host may be private.
    await expect(downloads.plan(wanted(at(hub, 'hub.test'), { allowPrivate: true }), signal)).rejects.toMatchObject({
      id,
    })
  })

  test('redirects without end are left', async () => {
    const { downloads } = await start()
    hub.does.answer = redirect(at(hub, 'hub.test'))
    await expect(downloads.plan(wanted(at(hub, 'hub.test')), signal)).rejects.toMatchObject({ id: 'library.redirects' })
    expect(hub.taken.length).toBeLessThan(10)
  })

  test('a private address is asked only where that was confirmed', async () => {
    const { downloads } = await start()
    hub.does.answer = serve
    addresses['hub.test'] = ['192.168.1.5']
    try {
      await expect(downloads.plan(wanted(at(hub, 'hub.test')), signal)).rejects.toMatchObject({ id: 'library.private' })
      expect(hub.taken).toEqual([])
      expect(await downloads.plan(wanted(at(hub, 'hub.test'), { allowPrivate: true }), signal)).toMatchObject({
        exists: false,
      })
    } finally {
      addresses['hub.test'] = [publicAddress]
    }
  })

  test('a name that means something private at the second look is not dialled', async () => {
    let looks = 0
    const rebinding: LookupFunction = (_name, _options, answer) =>
      answer(null, [{ address: looks++ === 0 ? publicAddress : '127.0.0.1', family: 4 }])
    const wire = { lookup: rebinding, ca: authority.ca, reach: () => '127.0.0.1', stallMs: 3000 }
    const { downloads } = await start({ wire })
    hub.does.answer = serve
    await downloads.plan(wanted(at(hub, 'hub.test')), signal)
    await expect(downloads.plan(wanted(at(hub, 'hub.test')), signal)).rejects.toMatchObject({ id: 'library.private' })
  })

  test('a certificate of an unknown authority is refused', async () => {
    const { downloads } = await start({ wire: { lookup, reach: () => '127.0.0.1', stallMs: 3000 } })
    await expect(downloads.plan(wanted(at(hub, 'hub.test')), signal)).rejects.toMatchObject({ id: 'library.untrusted' })
    expect(hub.taken).toEqual([])
  })
})
