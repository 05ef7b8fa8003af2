import { createServer } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAnswerReader, createBackend } from '../../../electron/kinds'
import { answerLimits, sizeText } from '../../../electron/kinds/limits'
import { createRedactor } from '../../../electron/vault/redactor'
import { regiePrograms } from '../../support/programs'

const MB = 2 ** 20
const secret = 'Zq7mW/4xK+pR9tB2vL8nc%Hy'

/** What the service answers to a path that begins so; the first that fits counts. */
let answers: [path: string, answer: { status?: number; body: string | Buffer; chunked?: boolean }][] = []
const server = createServer((request, response) => {
  request.resume()
  const {
    status = 200,
    body,
    chunked = false,
  } = answers.find(([path]) => request.url?.startsWith(path))?.[1] ?? {
    status: 404,
    body: '',
  }
  response.writeHead(status, {
    'content-type': 'application/json',
    ...(chunked ? {} : { 'content-length': Buffer.byteLength(body) }),
  })
  response.end(body)
})

let bundle: Awaited<ReturnType<typeof regiePrograms<'worker'>>>
let reader: ReturnType<typeof createAnswerReader>
beforeAll(async () => {
  bundle = await regiePrograms({ worker: 'electron/kinds/reading/read-worker.ts' })
  reader = createAnswerReader({ worker: bundle.programs.worker })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
})
afterAll(async () => {
  await reader.close()
  server.closeAllConnections()
  server.close()
  await bundle.remove()
})

function backend(kind: 'comfyui' | 'forge') {
  const address = server.address()
  const port = typeof address === 'object' ? (address?.port ?? 0) : 0
  const redactor = createRedactor()
  redactor.learn(secret)
  return createBackend({
    serviceId: 'hostile',
    kind,
    url: `http://127.0.0.1:${port}`,
    lendSecret: async (use) => await use(null),
    redact: (text) => redactor.redact(text),
    reader,
  })
}
const now = () => AbortSignal.timeout(60_000)
const filler = (bytes: number) => `[${'"abcdefghij",'.repeat(Math.ceil(bytes / 13))}""]`

const sampler = {
  KSampler: { input: { required: { sampler_name: [['euler', `s ${secret}`]], scheduler: [['normal']] } } },
}
const plainClasses: typeof answers = [
  ['/object_info/', { body: '{}' }],
  ['/system_stats', { body: '{"system":{}}' }],
  ['/experiment', { status: 404, body: '' }],
]

describe('an answer that is long', () => {
  it('is read away from the event loop, and only what is wanted comes back, without secrets', async () => {
    const long = JSON.stringify(sampler).replace('{"KSampler"', `{"other":{"output":${filler(20 * MB)}},"KSampler"`)
    answers = [['/object_info/KSampler', { body: long }], ...plainClasses]
    const { samplers, schedulers } = await backend('comfyui').capabilities(now())

    expect(schedulers).toEqual(['normal'])
    expect(samplers[0]).toBe('euler')
    expect(samplers[1]).toMatch(/^s \[secret [0-9a-f]{12}\]$/)
  })

  it.each([
    ['that says so beforehand', false, /^33 MB$/],
    ['that does not', true, /^> 32 MB$/],
  ])('beyond its limit, %s, is told: what, how large, and how much is read', async (_, chunked, size) => {
    answers = [['/object_info/KSampler', { body: filler(33 * MB), chunked }], ...plainClasses]
    const asking = backend('comfyui').capabilities(now())

    await expect(asking).rejects.toMatchObject({
      id: 'backend.answer-too-large',
      params: { asked: 'GET /object_info/KSampler', size: expect.stringMatching(size) as unknown, limit: '32 MB' },
    })
  })

  it('of which too much would be wanted is refused too', async () => {
    const names = Array.from({ length: 200_000 }, (_, at) => `sampler ${at}`)
    const body = JSON.stringify({ KSampler: { input: { required: { sampler_name: [names] } } } })
    answers = [['/object_info/KSampler', { body }], ...plainClasses]

    await expect(backend('comfyui').capabilities(now())).rejects.toMatchObject({ id: 'backend.answer-too-large' })
  })

  it('that uses up the memory of the thread ends the thread, and the next answer gets another', async () => {
    const narrow = createAnswerReader({ worker: bundle.programs.worker, memoryMiB: 48 })
    try {
      const body = Buffer.from(`[${'{},'.repeat(2 * MB)}{}]`)
      expect(await narrow.read('object-info', body)).toEqual({ ok: false, why: 'too-much' })
      const next = Buffer.from(JSON.stringify(sampler).padEnd(MB))
      expect(await narrow.read('object-info', next)).toMatchObject({ ok: true, value: { KSampler: {} } })
    } finally {
      await narrow.close()
    }
  })
})

describe('each kind of answer has its limit', () => {
  const probe = answerLimits.probe
  it.each([
    ['comfyui', '/system_stats', probe],
    ['forge', '/sdapi/v1/options', probe],
    ['forge', '/sdapi/v1/sd-models', answerLimits.models],
    ['forge', '/sdapi/v1/progress', answerLimits.progress],
    ['comfyui', '/queue', answerLimits.queue],
  ] as const)('%s %s: %d bytes', async (kind, path, limit) => {
    answers = [
      [path, { body: `{"x":${filler(limit)}}` }],
      ['/sdapi/v1/options', { body: '{}' }],
      ['/sdapi/v1/sd-models', { body: '[]' }],
      ['/sdapi/v1/progress', { body: '{"progress":0}' }],
      ...plainClasses,
      ['/queue', { body: '{"queue_running":[],"queue_pending":[]}' }],
    ]
    const { evidence } = await backend(kind).probe(now())
    const last = evidence.at(-1)

    expect(last?.outcome).toBe('failed')
    expect(last?.reason).toMatchObject({
      problem: 'backend.answer-too-large',
      params: { asked: `GET ${path}`, limit: sizeText(limit) },
    })
  })

  it('a refusal of any length stays a refusal, and of more than is quoted nothing is', async () => {
    answers = [['/', { status: 401, body: `no: ${secret} `.repeat(10_000) }]]
    const { evidence } = await backend('comfyui').probe(now())

    expect(evidence.at(-1)).toMatchObject({ outcome: 'refused', answered: '401' })
    expect(JSON.stringify(evidence)).not.toContain(secret.slice(0, 6))
  })
})
