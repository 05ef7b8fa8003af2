import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type {
  Generation,
  GenerationParams,
  WorkflowDetail,
  WorkflowNeeds,
  WorkflowReport,
} from '../../../shared/contract'
import { bodyLimits } from '../../../electron/http/limits'
import { dataPaths } from '../../../electron/storage/paths'
import { bundlePanelPrograms, pageHeaders, startPanel, type RunningPanel } from '../../support/panel'

const node = (type: string, inputs: Record<string, unknown>, title?: string) => ({
  class_type: type,
  inputs,
  ...(title !== undefined && { _meta: { title } }),
})

/** Image to image, as ComfyUI exports it; small, so that it is quick. */
const graph = (steps = 2, checkpoint = 'sd_xl_base_1.0.safetensors') => ({
  '4': node('CheckpointLoaderSimple', { ckpt_name: checkpoint }),
  '10': node('LoadImage', { image: 'example.png' }),
  '11': node('ImageScale', { image: ['10', 0], width: 64, height: 64, upscale_method: 'lanczos', crop: 'disabled' }),
  '12': node('VAEEncode', { pixels: ['11', 0], vae: ['4', 2] }),
  '6': node('CLIPTextEncode', { text: 'a fox', clip: ['4', 1] }, 'What to draw'),
  '7': node('CLIPTextEncode', { text: 'blurry', clip: ['4', 1] }),
  '3': node('KSampler', {
    ...{ seed: 7, steps, cfg: 7, sampler_name: 'euler', scheduler: 'normal', denoise: 0.6 },
    ...{ model: ['4', 0], positive: ['6', 0], negative: ['7', 0], latent_image: ['12', 0] },
  }),
  '8': node('VAEDecode', { samples: ['3', 0], vae: ['4', 2] }),
  '9': node('SaveImage', { images: ['8', 0], filename_prefix: 'fox' }),
})

type Who = 'admin' | 'user'
let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
const headers: Record<Who, Record<string, string>> = { admin: {}, user: {} }

beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
  const password = 'the user password'
  await running.panel.parts.access.setPassword({ role: 'user', password, login: 'desktop', by: null, who: 'owner' })
  headers.user = pageHeaders(running.url, await running.sessions.signInWithPassword({ role: 'user', password }))
  headers.admin = pageHeaders(running.url, running.sessions.signIn(running.sessions.issueOneTimeToken()))
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

interface Answered<T> {
  status: number
  body: T & { data?: { problem: string; params: Record<string, unknown> } }
}

async function ask<T = object>(who: Who, method: string, path: string, body?: object | FormData): Promise<Answered<T>> {
  const isForm = body instanceof FormData
  const response = await fetch(new URL(`api/v1/${path}`, running.url), {
    method,
    headers: { ...headers[who], ...(body && !isForm && { 'content-type': 'application/json' }) },
    ...(body && { body: isForm ? body : JSON.stringify(body) }),
  })
  return { status: response.status, body: (await response.json()) as Answered<T>['body'] } // what the contract says
}

const form = (content: unknown, name: string, fields: Record<string, string> = {}) => {
  const data = new FormData()
  const bytes = content instanceof Uint8Array ? content : Buffer.from(JSON.stringify(content))
  data.set('file', new File([new Uint8Array(bytes)], name))
  for (const [key, value] of Object.entries(fields)) data.set(key, value)
  return data
}
const inspect = (content: unknown, name: string) =>
  ask<WorkflowReport>('admin', 'POST', 'workflow-reports', form(content, name)).then(({ body }) => body)
const importIt = (content: unknown, name: string, fields: Record<string, string> = {}) =>
  ask<WorkflowDetail>('admin', 'POST', 'workflows', form(content, name, fields))

/** Everything of ComfyUI's queue and history. */
const traces = async () => {
  const { running: atWork, waiting } = await running.panel.parts
    .backendOf('comfyui-demo')
    .queueState(AbortSignal.timeout(5_000))
  return { atWork, waiting, generations: running.panel.parts.generations.list({ limit: 10 }).items.length }
}

async function run(who: Who, params: GenerationParams): Promise<Generation> {
  const { status, body } = await ask<Generation>(who, 'POST', 'generations', { serviceId: 'comfyui-demo', params })
  if (status !== 201) throw new Error(JSON.stringify(body))
  let last = body
  for await (const event of running.panel.parts.generations.watch(body.id))
    if (event.type === 'update') last = event.generation
  return last
}
const refused = async (params: GenerationParams) => {
  const { status, body } = await ask<Generation>('user', 'POST', 'generations', { serviceId: 'comfyui-demo', params })
  return `${status} ${body.data?.problem}`
}

/** A picture of its own account, by its id. */
const give = async (who: Who) => {
  const image = await running.panel.parts.generations.image(
    running.panel.parts.generations.list({ limit: 50, state: 'succeeded' }).items.at(-1)?.images[0]?.id ?? '',
  )
  return (await running.panel.parts.inputs.keep(who, await image.bytes(), null)).id
}

describe('a workflow file', () => {
  it('is parsed only, and says so, while no ComfyUI can be asked', async () => {
    const report = await inspect(graph(), 'fox.json')
    expect(report).toMatchObject({ verdict: 'recognised', format: 'api', validated: null, missing: [], replaces: null })
  })

  it('is asked of the ComfyUI that runs, without running it', async () => {
    await running.panel.parts.services.start('comfyui-demo')
    const report = await inspect(graph(), 'C:\\Downloads\\fox.json')

    expect(report).toMatchObject({
      ...{ fileName: 'fox.json', verdict: 'recognised', missing: [], replaces: null },
      validated: { serviceId: 'comfyui-demo', accepted: true, reason: null },
    })
    expect(report.inputs.find(({ id }) => id === '3.sampler_name')).toMatchObject({ type: 'choice', role: 'sampler' })
    expect(await traces()).toEqual({ atWork: 0, waiting: 0, generations: 0 })
    expect((await ask('admin', 'GET', 'workflows')).body).toEqual([])
  })

  it('lists what is missing before it is run, by name and folder', async () => {
    const report = await inspect(
      { ...graph(2, 'nowhere.safetensors'), '99': node('FaceDetailer', { image: ['8', 0] }) },
      'x.json',
    )
    expect(report.verdict).toBe('missing')
    expect(report.missing).toEqual([
      { type: 'node', name: 'FaceDetailer' },
      { type: 'file', name: 'nowhere.safetensors', folder: 'models/checkpoints', role: 'checkpoint' },
    ])
    expect(report.validated).toMatchObject({ accepted: false, reason: { problem: 'backend.node-missing' } })
  })

  it('that the server does not take is told with its reason', async () => {
    const wrong = graph()
    Object.assign(wrong['3'].inputs, { cfg: 1000 })
    const { verdict, validated } = await inspect(wrong, 'x.json')
    expect(verdict).toBe('recognised')
    expect(validated).toMatchObject({ accepted: false, reason: { problem: 'backend.input-refused' } })
    expect(await traces()).toEqual({ atWork: 0, waiting: 0, generations: 0 })
  })

  it('is refused whole where a node of it cannot be, by number and reason, and nothing of it is kept', async () => {
    const broken = graph()
    Reflect.deleteProperty(broken['8'].inputs, 'samples')
    const report = await inspect(broken, 'x.json')
    expect(report).toMatchObject({
      ...{ verdict: 'refused', inputs: [], validated: null },
      refused: [{ node: '8', reason: { problem: 'workflow-node.input-missing' } }],
    })
    const { status, body } = await importIt(broken, 'x.json')
    expect([status, body.data?.problem]).toEqual([422, 'workflow.nodes-refused'])
    for (const [content, problem] of [
      [Buffer.from('{"a":'), 'workflow-file.not-one'],
      [{ hello: 1 }, 'workflow-file.not-one'],
    ] as const) {
      expect((await inspect(content, 'x.json')).reason?.problem).toBe(problem)
      expect((await importIt(content, 'x.json')).body.data?.problem).toBe(problem)
    }
    expect((await ask('admin', 'GET', 'workflows')).body).toEqual([])
  })

  it('is taken up to 16 MiB, and refused above that before anything reads it', async () => {
    const large = (bytes: number) => form(Buffer.alloc(bytes, 0x20), 'large.json')
    const answerTo = async (bytes: number, path: string) => {
      const { status, body } = await ask('admin', 'POST', path, large(bytes))
      return `${status} ${body.data?.problem}`
    }
    expect((await inspect(Buffer.alloc(16 * 2 ** 20, 0x20), 'large.json')).reason?.problem).toBe(
      'workflow-file.not-one',
    )
    expect(await answerTo(16 * 2 ** 20 + 1, 'workflow-reports')).toBe('400 input.invalid')
    for (const path of ['workflow-reports', 'workflows'])
      expect(await answerTo(bodyLimits.file + 1, path)).toBe('413 input.too-large')
  })
})

describe('an imported workflow', () => {
  let id = ''
  beforeAll(async () => {
    await running.panel.parts.services.start('comfyui-demo')
    id = (await importIt(graph(), 'Fox.json')).body.id
    // What the workflow was saved with.
    const picture = sharp({ create: { width: 8, height: 8, channels: 3, background: 'red' } }).png()
    const folder = path.join(dataPaths(running.dataFolder).services, 'comfyui-demo', 'input')
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'example.png'), await picture.toBuffer())
  })

  it('is called after its file; the same file is told, and another becomes a new version', async () => {
    expect((await inspect(graph(), 'Fox.json')).replaces).toEqual({ id, version: 1, same: true })
    expect((await importIt(graph(), 'Fox.json', { replaces: id })).body.data?.problem).toBe('workflow.already-there')
    expect((await importIt(graph(), 'Fox.json')).body.data?.problem).toBe('workflow.name-taken')
    expect((await inspect(graph(3), 'fox.json')).replaces).toEqual({ id, version: 1, same: false })
    const second = await importIt(graph(3), 'fox.json', { replaces: id })
    expect(second).toMatchObject({ status: 201, body: { id, name: 'Fox', version: 2 } })
    expect((await importIt(graph(4), 'x.json', { replaces: 'nobody' })).body.data?.problem).toBe('workflow.not-found')
  })

  it('is everybody’s to see and to run, and administrators’ to change', async () => {
    expect((await ask<WorkflowDetail[]>('user', 'GET', 'workflows')).body).toHaveLength(1)
    expect((await ask<WorkflowDetail>('user', 'GET', `workflows/${id}?version=1`)).body).toMatchObject({ version: 1 })
    for (const [method, path, body] of [
      ['POST', 'workflow-reports', form(graph(), 'x.json')],
      ['POST', 'workflows', form(graph(), 'x.json')],
      ['PATCH', `workflows/${id}`, { name: 'Mine' }],
      ['POST', `workflows/${id}/restore`, { version: 1 }],
      ['DELETE', `workflows/${id}`, undefined],
      ['POST', `workflows/${id}/undo-remove`, undefined],
    ] as const)
      expect([method, path, (await ask('user', method, path, body)).status]).toEqual([method, path, 403])
  })

  it('says which services have what it needs, and which could not be asked', async () => {
    const { body } = await ask<WorkflowNeeds>('user', 'GET', `workflows/${id}/needs`)
    expect(body.services).toMatchObject([{ id: 'comfyui-demo', answered: true, reason: null }])
    expect(body.rows).toMatchObject([
      { need: { type: 'file', name: 'sd_xl_base_1.0.safetensors' }, nodes: ['4'], present: { 'comfyui-demo': true } },
    ])

    // What came into a folder since then can be chosen.
    const folder = path.join(dataPaths(running.dataFolder).services, 'comfyui-demo', 'models', 'checkpoints')
    await mkdir(folder, { recursive: true })
    await writeFile(path.join(folder, 'brand_new.safetensors'), Buffer.alloc(2 ** 20))
    const { services } = (await ask<WorkflowNeeds>('user', 'GET', `workflows/${id}/needs`)).body
    expect(services[0]?.choices).toEqual({
      '4.ckpt_name': expect.arrayContaining(['brand_new.safetensors', 'sd_xl_base_1.0.safetensors']) as unknown,
    })
  })

  it('goes out as the file that came in, and as what the server takes', async () => {
    const get = async (as: string) => {
      const response = await fetch(new URL(`api/v1/workflows/${id}/export?as=${as}`, running.url), {
        headers: headers.user,
      })
      return { head: response.headers, text: await response.text() }
    }
    const file = await get('file')
    expect(JSON.parse(file.text)).toEqual(graph(3))
    expect(file.head.get('content-type')).toBe('application/octet-stream')
    expect(file.head.get('content-disposition')).toBe(`attachment; filename="fox.json"; filename*=UTF-8''fox.json`)
    const api = JSON.parse((await get('api')).text) as ReturnType<typeof graph>
    expect(api['3']).toMatchObject({ class_type: 'KSampler', inputs: { steps: 3, model: ['4', 0] } })
  })

  it.each([
    // The 200 units that are kept of a name begin or end in the middle of a character.
    ['long', `x${'🦊'.repeat(150)}.json`, /^🦊{25,}(?:\.api)?\.json$/u],
    ['a device of Windows', 'CON.json', /^_CON(?:\.api)?\.json$/],
    ['written backwards', '\u202Egnp.json', /^gnp(?:\.api)?\.json$/],
    ['nothing but dots', '...', /^untitled(?:\.api\.json)?$/],
  ])('goes out under a name that every system takes where that of its file is %s', async (_, name, safe) => {
    const { status, body } = await importIt({ ...graph(4), '30': node('PreviewImage', { images: ['8', 0] }) }, name)
    expect(status).toBe(201)
    for (const as of ['file', 'api']) {
      const response = await fetch(new URL(`api/v1/workflows/${body.id}/export?as=${as}`, running.url), {
        headers: headers.user,
      })
      expect(response.status).toBe(200)
      const [, encoded = ''] = response.headers.get('content-disposition')?.split("UTF-8''") ?? []
      expect(decodeURIComponent(encoded)).toMatch(safe)
    }
    await ask('admin', 'DELETE', `workflows/${body.id}`)
  })

  it('is not called by half a character, which no header can carry', async () => {
    const { status, body } = await ask('admin', 'PATCH', `workflows/${id}`, { name: 'a\ud800b' })
    expect(`${status} ${body.data?.problem}`).toBe('400 input.invalid')
  })

  it('is run by a user with values of its own, and its picture stands in the gallery under its name', async () => {
    const first = await run('user', { prompt: 'a hare', workflow: id, values: { '3.steps': 1 } })
    expect(first).toMatchObject({
      ...{ state: 'succeeded', by: 'user', workflowName: 'Fox' },
      params: {
        prompt: 'a hare',
        workflow: id,
        workflowVersion: 2,
        steps: 1,
        cfg: 7,
        sampler: 'euler',
        checkpoint: 'sd_xl_base_1.0.safetensors',
      },
    })
    expect(first.params.values).toMatchObject({ '3.steps': 1, '6.text': 'a hare', '3.seed': first.params.seed })
    // It is called by its name; nothing stands where it has no input for it.
    expect(first.params).not.toHaveProperty('task')
    const found = await ask<{ items: Generation[] }>('user', 'GET', 'generations?search=fox')
    expect(found.body.items.map((one) => one.id)).toEqual([first.id])

    const again = await run('user', first.params)
    expect(again.params).toEqual(first.params)
    expect(again.cached).toBe(true)
    const other = await run('user', { prompt: 'a hare', workflow: id, workflowVersion: 1 })
    expect(other.params).toMatchObject({ workflowVersion: 1, steps: 2 })
    expect(other.params.seed).not.toBe(first.params.seed)
  })

  it('takes a picture that its own account gave, and no other’s, nor a name on the service', async () => {
    const [mine, theirs] = [await give('user'), await give('admin')]
    const params = (image: string): GenerationParams => ({ prompt: 'x', workflow: id, values: { '10.image': image } })
    const done = await run('user', params(mine))
    expect(done.state).toBe('succeeded')
    expect(running.panel.parts.generations.get(done.id).params.values).toMatchObject({ '10.image': mine })

    expect(await refused(params(theirs))).toBe('404 picture.not-found')
    expect(await refused(params('00000000-0000-4000-8000-000000000000'))).toBe('404 picture.not-found')
    expect(await refused(params('fox_00001_.png [output]'))).toBe('422 workflow.picture-not-given')
    expect((await run('user', params('example.png'))).state).toBe('succeeded')
    // A text that looks like one is none.
    const text = await run('user', { prompt: 'x', workflow: id, values: { '6.text': theirs } })
    expect(text.state).toBe('succeeded')
  })

  it('refuses values that its form does not have, by the name of the input', async () => {
    const cases: [GenerationParams['values'], string][] = [
      [{ '99.text': 'x' }, '404 workflow.input-unknown'],
      [{ '3.steps': 'many' }, '422 workflow-value.type'],
      [{ '3.steps': 1.5 }, '422 workflow-value.type'],
      [{ '3.steps': 0 }, '422 workflow-value.range'],
      [{ '3.cfg': 101 }, '422 workflow-value.range'],
      [{ '3.sampler_name': 'nonsense' }, '422 workflow-value.choice'],
      [{ '10.image': 1 }, '422 workflow-value.type'],
    ]
    for (const [values, answer] of cases)
      expect([values, await refused({ prompt: 'x', workflow: id, values })]).toEqual([values, answer])
    expect(await refused({ prompt: 'x', workflow: id, strength: 0.5 })).toBe('422 workflow.parameter-unknown')
    expect(await refused({ prompt: 'x', workflow: id, workflowVersion: 9 })).toBe('404 workflow.version-unknown')
    expect(await refused({ prompt: 'x', workflow: '00000000-0000-4000-8000-000000000000' })).toBe(
      '404 workflow.not-found',
    )
  })

  it('that fails names the node by its title', async () => {
    const { body } = await importIt(
      { ...graph(), '6': node('CLIPTextEncode', { text: 'x', clip: ['4', 0] }, 'Broken') },
      'bad.json',
    )
    const { state, error } = await run('user', { prompt: 'x', workflow: body.id })
    expect([state, error?.message]).toEqual(['failed', expect.stringContaining('Broken') as unknown])
    await ask('admin', 'DELETE', `workflows/${body.id}`)
  })

  it('comes back from a picture that it made', async () => {
    const [made] = running.panel.parts.generations.list({ limit: 1, state: 'succeeded' }).items
    const image = await running.panel.parts.generations.image(made?.images[0]?.id ?? '')
    const report = await inspect(await image.bytes(), 'fox_00001_.png')
    expect(report).toMatchObject({ verdict: 'recognised', format: 'image', validated: { accepted: true } })
  })

  it('that was removed runs no more, and is put back', async () => {
    expect((await ask('admin', 'DELETE', `workflows/${id}`)).status).toBe(200)
    expect(await refused({ prompt: 'x', workflow: id })).toBe('404 workflow.not-found')
    expect((await ask('user', 'GET', `workflows/${id}`)).status).toBe(404)
    expect((await ask<WorkflowDetail>('admin', 'POST', `workflows/${id}/undo-remove`)).body).toMatchObject({
      id,
      version: 2,
    })
    const { items } = await running.panel.parts.audit.list({ topic: 'workflow', limit: 20 })
    expect(items[0]).toMatchObject({ action: 'workflow.removal-undone', target: id, account: 'admin' })
  })
})
