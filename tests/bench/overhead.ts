import { randomInt, randomUUID } from 'node:crypto'
import { WebSocket } from 'ws'
import * as z from 'zod'
import { Graph } from '../../electron/kinds/comfyui/graph'
import type { GenerationParams, ServiceKind } from '../../shared/contract'
import type { HeadlessPanel } from '../support/headless'
import { freePort } from '../support/ports'
import { addSimulatedProgram } from '../support/simulated'
import { budgets } from './budgets'
import { startLeast } from './least'
import { median, timed, type Measure } from './measure'

const pairs = 25

/** No waiting at all: what is left is the work of the service, the protocol, and the panel. */
const noPace = { loadMs: 0, stepMs: 0, preview: 'none' }

interface BenchService {
  id: string
  kind: ServiceKind
  url: string
  username: string
  /** What opens the API: ComfyUI-Login's hash, Forge's password. */
  secret: string
}

async function startService(panel: HeadlessPanel, kind: ServiceKind): Promise<BenchService> {
  const id = `${kind}-bench`
  const { url } = await addSimulatedProgram(panel, { id, kind, port: await freePort(), behaviour: noPace })
  await panel.client.services.start({ id })
  const { username = '', password = '', token = '' } = await panel.client.credentials.reveal({ id })
  return { id, kind, url, username, secret: kind === 'comfyui' ? token : password }
}

const newSeed = () => randomInt(1, 2 ** 31)

/** One generation through the panel, until its picture has been fetched. */
async function throughPanel(panel: HeadlessPanel, serviceId: string, params: GenerationParams) {
  const { id } = await panel.client.generations.create({ serviceId, params: { ...params, seed: newSeed() } })
  let imageId = ''
  for await (const event of await panel.client.generations.watch({ id })) {
    if (event.type !== 'update') continue
    const { state, images, error } = event.generation
    if (state === 'failed') throw new Error(`generation failed: ${error?.message ?? ''}`)
    if (state === 'succeeded') imageId = images[0]?.id ?? ''
  }
  const image = await panel.rest(`/images/${imageId}`)
  return { id, imageId, picture: new Uint8Array(await image.arrayBuffer()) }
}

async function answerOf(request: Promise<Response>): Promise<unknown> {
  const response = await request
  if (!response.ok) throw new Error(`${response.url} answered ${response.status}`)
  return response.json()
}

/** The same as a script would do it: connect, submit, wait for the end, look up the result, fetch it. */
async function comfyuiDirectly({ url, secret }: BenchService, graph: Graph): Promise<void> {
  const headers = { authorization: `Bearer ${secret}` }
  const clientId = randomUUID()
  const socket = new WebSocket(`${url.replace('http', 'ws')}/ws?clientId=${clientId}`, { headers })
  const ended = new Promise<void>((resolve, reject) => {
    socket.on('error', reject)
    socket.on('message', (data, isBinary) => {
      // ws hands over a Buffer unless it is told otherwise.
      if (!isBinary && /"type": ?"execution_success"/.test((data as Buffer).toString())) resolve()
    })
  })
  await new Promise((resolve) => socket.once('open', resolve))
  const seed = newSeed()
  const prompt = Object.fromEntries(
    Object.entries(graph).map(([id, node]) =>
      'seed' in node.inputs ? [id, { ...node, inputs: { ...node.inputs, seed } }] : [id, node],
    ),
  )
  const submitted = z.object({ prompt_id: z.string() }).parse(
    await answerOf(
      fetch(`${url}/prompt`, {
        method: 'POST',
        headers: { ...headers, 'content-type': 'application/json' },
        body: JSON.stringify({ prompt, client_id: clientId }),
      }),
    ),
  )
  await ended
  socket.close()
  const Output = z.object({ images: z.array(z.record(z.string(), z.string())).optional() })
  const history = z
    .record(z.string(), z.object({ outputs: z.record(z.string(), Output) }))
    .parse(await answerOf(fetch(`${url}/history/${submitted.prompt_id}`, { headers })))
  const outputs = Object.values(history[submitted.prompt_id]?.outputs ?? {})
  const image = outputs.flatMap((output) => output.images ?? [])[0]
  const picture = await fetch(`${url}/view?${new URLSearchParams(image)}`, { headers })
  await picture.arrayBuffer()
}

async function forgeDirectly({ url, username, secret }: BenchService, params: GenerationParams): Promise<void> {
  const authorization = `Basic ${Buffer.from(`${username}:${secret}`).toString('base64')}`
  const body = {
    prompt: params.prompt,
    seed: newSeed(),
    steps: params.steps,
    cfg_scale: params.cfg,
    width: params.width,
    height: params.height,
    sampler_name: params.sampler,
    scheduler: params.scheduler,
  }
  const answer = z.object({ images: z.array(z.string()) }).parse(
    await answerOf(
      fetch(`${url}/sdapi/v1/txt2img`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    ),
  )
  Buffer.from(answer.images[0] ?? '', 'base64')
}

/** What a generation through the panel costs more than the same call made directly: interleaved pairs. */
export async function measureOverhead(panel: HeadlessPanel): Promise<Measure[]> {
  const measures: Measure[] = []
  await using least = await startLeast()
  for (const kind of ['comfyui', 'forge'] as const) {
    const service = await startService(panel, kind)
    const params = { prompt: 'a lighthouse at dusk', width: 512, height: 512, steps: 1 }
    const { id, imageId, picture } = await throughPanel(panel, service.id, params)
    const sent = (await panel.client.generations.get({ id })).params
    const metadata = await panel.client.images.metadata({ id: imageId })
    const directly =
      kind === 'comfyui'
        ? (
            (graph: Graph) => () =>
              comfyuiDirectly(service, graph)
          )(Graph.parse(JSON.parse(metadata['prompt'] ?? '')))
        : () => forgeDirectly(service, sent)
    const samples: { panel: number; direct: number; least: number }[] = []
    for (let pair = 0; pair < pairs; pair += 1) {
      // The order alternates, so that neither side always finds the caches warm.
      const first = pair % 2 ? await timed(directly) : null
      const panelMs = await timed(() => throughPanel(panel, service.id, params))
      const direct = first ?? (await timed(directly))
      samples.push({ panel: panelMs, direct, least: await timed(() => least.generation(picture)) })
    }
    const direct = median(samples.map((sample) => sample.direct))
    const ratio = median(samples.map((sample) => sample.panel / sample.direct))
    const what = `Panel’s own cost of a ${kind === 'comfyui' ? 'ComfyUI' : 'Forge'} generation`
    const leastMs = median(samples.map((sample) => sample.least))
    measures.push({
      what,
      value: median(samples.map((sample) => sample.panel - sample.direct)),
      unit: 'ms',
      budget: budgets.generationMs,
      note: `median of ${pairs} pairs; directly ${Math.round(direct)} ms, ratio ${ratio.toFixed(2)}; 512 × 512 px, simulator without pace`,
    })
    measures.push({
      what: `${what}, in times of the least`,
      value: median(samples.map((sample) => (sample.panel - sample.direct) / sample.least)),
      unit: '×',
      budget: null,
      note: `${leastMs.toFixed(1)} ms: node alone takes an order, keeps the same picture so that no loss of power takes it away, and hands it out`,
    })
    await panel.client.services.stop({ id: service.id })
  }
  return measures
}
