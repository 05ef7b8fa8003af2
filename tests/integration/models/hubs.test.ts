import { createHash } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http'
import type { LookupFunction } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { idOf } from '../../../electron/models/entries'
import type { Models } from '../../../electron/models'
import { certified, httpServer, type Taken } from '../../support/alerts'
import {
  civitaiLogin,
  civitaiRedirect,
  civitaiRefusal,
  civitaiStore,
  civitaiVersion,
  huggingFaceCached,
  huggingFaceGated,
  huggingFaceRedirect,
  huggingFaceStore,
} from '../../support/hubs'
import { safetensors, shapesOf } from '../../support/model-files'
import { startModels } from '../../support/model-library'
import { until } from '../../support/until'

type Server = Awaited<ReturnType<typeof httpServer>>
const hosts = ['huggingface.co', 'cas-bridge.xethub.hf.co', 'civitai.com', 'store.r2.cloudflarestorage.com'] as const
const token = 'hf_0123456789abcdefghijTESTONLY'
const bytes = Buffer.concat([safetensors(shapesOf.sdxl), Buffer.alloc(200_000, 5)])
const sha256 = createHash('sha256').update(bytes).digest('hex')
const name = 'model-00001.safetensors'

let authority: Awaited<ReturnType<typeof certified>>
let hub: Server
let store: Server
let here: Awaited<ReturnType<typeof startModels>>
let models: Models
const lookup: LookupFunction = (_name, _options, answer) => answer(null, [{ address: '93.184.215.14', family: 4 }])
const signal = new AbortController().signal
const folder = () => here.at('comfyui-a/models/checkpoints')

beforeAll(async () => {
  authority = await certified(...hosts)
  hub = await httpServer(authority)
  store = await httpServer(authority)
  here = await startModels(
    { 'comfyui-a': 'comfyui' },
    {
      wire: { lookup, ca: authority.ca, reach: () => '127.0.0.1', stallMs: 3000 },
      tokenOf: (id) => Promise.resolve(id === null ? null : token),
      retryMs: [1],
    },
  )
  await mkdir(folder(), { recursive: true })
  models = await here.open()
  await models.library.scan()
})
afterAll(async () => {
  await models.close()
  await here.remove()
  await hub[Symbol.asyncDispose]()
  await store[Symbol.asyncDispose]()
})
afterEach(async () => {
  expect(here.bugs).toEqual([])
  for (const { id } of models.downloads.list()) await models.downloads.discard(id, 'me')
  for (const server of [hub, store]) {
    server.taken.length = 0
    server.does.answer = (response) => void response.writeHead(404).end()
  }
})

/** A part of the file, as stores give it. */
function give(response: ServerResponse, { headers }: Taken, own: OutgoingHttpHeaders): void {
  const asked = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '')
  const from = Number(asked?.[1] ?? 0)
  const to = asked?.[2] === undefined || asked[2] === '' ? bytes.length - 1 : Number(asked[2])
  response.writeHead(asked ? 206 : 200, {
    ...own,
    'content-length': to - from + 1,
    ...(asked && { 'content-range': `bytes ${from}-${to}/${bytes.length}` }),
  })
  response.end(bytes.subarray(from, to + 1))
}

const wanted = (address: string, more: object = {}) => ({ address, folderId: idOf(folder()), ...more })
async function fetchAll(address: string, more: object = {}) {
  const plan = await models.downloads.plan(wanted(address, more), signal)
  const confirm = { bytes: plan.bytes, name: plan.name }
  const { id } = await models.downloads.start({ ...wanted(address, more), confirm }, 'me', signal)
  const ended = await until('it has ended', () => {
    const one = models.downloads.list().find((each) => each.id === id)
    return one && ['done', 'failed'].includes(one.state) ? one : null
  })
  return { plan, ended, body: await readFile(`${folder()}/${plan.name}`) }
}
const authorised = ({ taken }: Server) => taken.map(({ headers }) => headers.authorization ?? null)

describe('Hugging Face, as it answers', () => {
  const page = () => `https://huggingface.co:${hub.port}/a/b/blob/main/split/${name}`

  test('a large file: by its store, verified by the hash of the redirect; the token stays with the hub', async () => {
    const to = `https://cas-bridge.xethub.hf.co:${store.port}`
    hub.does.answer = (response) =>
      void response.writeHead(302, huggingFaceRedirect({ sha256, bytes: bytes.length, name }, to)).end('Found.')
    store.does.answer = (response, taken) => give(response, taken, huggingFaceStore(name))
    const { plan, ended, body } = await fetchAll(page(), { credentialId: 'hub' })
    expect(plan).toMatchObject({ name, bytes: bytes.length, sha256, hashFrom: 'hub', canResume: true })
    expect(plan.hosts).toEqual([`huggingface.co:${hub.port}`, `cas-bridge.xethub.hf.co:${store.port}`])
    expect(ended.state).toBe('done')
    expect(body).toEqual(bytes)
    expect(hub.taken[0]?.path).toBe(`/a/b/resolve/main/split/${name}`)
    expect(new Set(authorised(hub))).toEqual(new Set([`Bearer ${token}`]))
    expect(new Set(authorised(store))).toEqual(new Set([null]))
    // What is signed is nowhere told.
    expect(JSON.stringify([plan, models.downloads.list(), here.audited])).not.toContain('Signature')
  })

  test('a small file: by a relative redirect, on which the token stays', async () => {
    const small = 'small.safetensors'
    hub.does.answer = (response, taken) =>
      taken.path.startsWith('/api/resolve-cache/')
        ? give(response, taken, { etag: '"d6ceb92ce9e3c83ab146dc8e92a93517ac1cc66f"' })
        : void response.writeHead(307, huggingFaceCached(small)).end()
    const address = `https://huggingface.co:${hub.port}/a/b/resolve/main/${small}`
    const { plan, ended } = await fetchAll(address, { credentialId: 'hub' })
    expect([plan.name, plan.sha256, ended.state]).toEqual([small, null, 'done'])
    expect(new Set(authorised(hub))).toEqual(new Set([`Bearer ${token}`]))
  })

  test.each([401, 403])('a gated file (%d): with the way to it, not its page', async (status) => {
    hub.does.answer = (response) => void response.writeHead(status, huggingFaceGated).end('Access is restricted.')
    await expect(models.downloads.plan(wanted(page()), signal)).rejects.toMatchObject({
      id: 'library.refused',
      params: { host: `huggingface.co:${hub.port}`, status },
    })
  })
})

describe('CivitAI, as it answers', () => {
  const other = createHash('sha256').update('other').digest('hex')
  const address = (query: string) => `https://civitai.com:${hub.port}/api/download/models/2514310${query}`
  const answer = (given: string, files: Parameters<typeof civitaiVersion>[0]) => {
    const to = `https://store.r2.cloudflarestorage.com:${store.port}`
    hub.does.answer = (response, { path }) =>
      path.startsWith('/api/v1/model-versions/2514310')
        ? void response
            .writeHead(200, { 'content-type': 'application/json' })
            .end(JSON.stringify(civitaiVersion(files)))
        : void response.writeHead(307, civitaiRedirect(given, to)).end()
    store.does.answer = (response, taken) => give(response, taken, civitaiStore(given))
  }

  test('a version’s page: its file by its store, named and verified as the hub says', async () => {
    answer('BodHor-V1.safetensors', [
      { id: 7, name: 'BodHor-V1.safetensors', sha256 },
      { id: 8, name: 'vae.safetensors', sha256: other },
    ])
    const { plan, ended } = await fetchAll(`https://civitai.com:${hub.port}/models/827184?modelVersionId=2514310`, {
      credentialId: 'hub',
    })
    expect(plan).toMatchObject({ name: 'BodHor-V1.safetensors', sha256, hashFrom: 'hub', canResume: true })
    expect(ended.state).toBe('done')
    expect(new Set(authorised(store))).toEqual(new Set([null]))
  })

  test('one of several files by its number, which is asked for and told apart by it', async () => {
    answer('same.safetensors', [
      { id: 7, name: 'same.safetensors', sha256: other },
      { id: 3_036_509, name: 'same.safetensors', sha256 },
    ])
    const { plan, ended } = await fetchAll(address('?fileId=3036509'))
    expect(hub.taken[0]?.path).toBe('/api/download/models/2514310?fileId=3036509')
    expect([plan.sha256, ended.state]).toEqual([sha256, 'done'])
  })

  test('of several files of one name no hash is believed where nothing says which it is', async () => {
    answer('twice.safetensors', [
      { id: 7, name: 'twice.safetensors', sha256: other },
      { id: 8, name: 'twice.safetensors', sha256 },
    ])
    expect((await fetchAll(address(''))).plan).toMatchObject({ sha256: null, hashFrom: null })
  })

  test('whoever is not signed in is told so, by either of its answers', async () => {
    hub.does.answer = (response) =>
      void response.writeHead(401, { 'content-type': 'application/json' }).end(civitaiRefusal)
    await expect(models.downloads.plan(wanted(address('')), signal)).rejects.toMatchObject({ id: 'library.refused' })
    hub.does.answer = (response, { path }) =>
      path.startsWith('/login')
        ? void response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end('<html>')
        : void response.writeHead(307, civitaiLogin).end()
    await expect(models.downloads.plan(wanted(address('')), signal)).rejects.toMatchObject({ id: 'library.page' })
  })
})
