import { randomInt, randomUUID } from 'node:crypto'
import { z } from 'zod'
import type { Table } from '../row'
import { flat } from './prompts'
import { listen, type Message } from './socket'
import { all, askIn, needs, type ComfyuiRow, type ComfyuiWorld } from './world'

const anyColor = () => randomInt(2 ** 24)

/** A small graph with a sampler, for whatever checkpoint there is. */
const sampled = (checkpoint: string, seed: number, steps: number) => ({
  '1': { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: checkpoint } },
  '2': { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: 'a red fox in snow' } },
  '3': { class_type: 'CLIPTextEncode', inputs: { clip: ['1', 1], text: '' } },
  '4': { class_type: 'EmptyLatentImage', inputs: { width: 64, height: 64, batch_size: 1 } },
  '5': {
    class_type: 'KSampler',
    inputs: {
      ...{ model: ['1', 0], seed, steps, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 },
      ...{ positive: ['2', 0], negative: ['3', 0], latent_image: ['4', 0] },
    },
  },
  '6': { class_type: 'VAEDecode', inputs: { samples: ['5', 0], vae: ['1', 2] } },
  '7': { class_type: 'PreviewImage', inputs: { images: ['6', 0] } },
})

const submit = (world: ComfyuiWorld, body: Record<string, unknown>) =>
  askIn(world, { method: 'POST', path: '/prompt', body })

const entryOf = async (world: ComfyuiWorld, id: string): Promise<unknown> => {
  const answer = (await askIn(world, { path: `/history/${id}` })).json
  return typeof answer === 'object' && answer !== null ? Object.entries(answer).find(([key]) => key === id)?.[1] : null
}

interface RunOf {
  world: ComfyuiWorld
  prompt: unknown
  flags?: Record<string, unknown>
  signal: AbortSignal
}

/** Runs a prompt to its end, heard by a client of its own. */
async function run({ world, prompt, flags, signal }: RunOf) {
  const [id, clientId] = [randomUUID(), randomUUID()]
  const client = await listen(world, clientId, signal)
  if (flags) {
    client.send('feature_flags', flags)
    await client.receive(({ type }) => type === 'feature_flags')
  }
  const answer = await submit(world, { prompt, prompt_id: id, client_id: clientId })
  if (answer.status === 200) await client.settled(id)
  await client.close()
  return { id, clientId, client, answer, entry: await entryOf(world, id) }
}

const isTime = (value: unknown) => typeof value === 'number' && value > 1e12 && value < 1e13

/** A real installation has nodes that report more: `progress_state` lines of a run are compared by their last words. */
const normal: readonly ComfyuiRow[] = [
  {
    what: 'a run tells its story in this order, and leaves it in the history',
    async play(world, check, signal) {
      const { id, clientId, client, answer, entry } = await run({ world, prompt: flat(anyColor()), signal })
      check.answer('POST /prompt', answer, { status: 200, json: { prompt_id: id, node_errors: {} } })
      check.same('the story', client.storyOf(id), [
        'execution_start',
        'cached []',
        'progress_state 1 running',
        'executing 1',
        'progress_state 1 finished',
        'progress_state 2 running',
        'executing 2',
        'executed 2',
        'progress_state 2 finished',
        'execution_success',
        'executing null',
      ])
      check.like('the history', entry, {
        prompt: { 1: id, 3: { client_id: clientId }, 4: ['2'] },
        outputs: { '2': { images: [{ type: 'temp', subfolder: '', filename: /_00001_\.png$/ }] } },
        status: {
          status_str: 'success',
          completed: true,
          messages: [
            ['execution_start', { prompt_id: id, timestamp: isTime }],
            ['execution_cached', { nodes: [], prompt_id: id, timestamp: isTime }],
            ['execution_success', { prompt_id: id, timestamp: isTime }],
          ],
        },
        meta: { '2': { node_id: '2', display_node: '2', parent_node: null, real_node_id: '2' } },
      })
    },
  },
  {
    what: 'a run that was there before answers the same file from the cache',
    async play(world, check, signal) {
      const prompt = flat(anyColor())
      const first = await run({ world, prompt, signal })
      const { id, client, entry } = await run({ world, prompt, signal })
      check.same('the story', client.storyOf(id), [
        'execution_start',
        'cached ["1","2"]',
        'executed 2',
        'progress_state 2 finished',
        'execution_success',
        'executing null',
      ])
      const outputs = (value: unknown) => z.object({ outputs: z.unknown() }).parse(value).outputs
      check.same('the files', outputs(entry), outputs(first.entry))
    },
  },
  {
    what: 'a node that nothing needs is not run, and not in the list of the cached',
    async play(world, check, signal) {
      const prompt = {
        ...flat(anyColor()),
        '9': { class_type: 'EmptyImage', inputs: { width: 8, height: 8, batch_size: 1, color: 1 } },
      }
      await run({ world, prompt, signal })
      const { id, client } = await run({ world, prompt, signal })
      check.same('the cached', client.data('execution_cached', id)[0]?.['nodes'], ['1', '2'])
    },
  },
  {
    what: 'freed memory is no cache',
    async play(world, check, signal) {
      const prompt = flat(anyColor())
      await run({ world, prompt, signal })
      check.answer('POST /free', await askIn(world, { path: '/free', body: { free_memory: true } }), {
        status: 200,
        text: '',
      })
      const { id, client } = await run({ world, prompt, signal })
      check.same('the cached', client.data('execution_cached', id)[0]?.['nodes'], [])
    },
  },
  {
    what: 'a job without a client is heard of by everybody, in its progress alone',
    async play(world, check, signal) {
      const id = randomUUID()
      const client = await listen(world, randomUUID(), signal)
      await submit(world, { prompt: flat(anyColor()), prompt_id: id })
      await client.receive(
        (m) =>
          'data' in m &&
          m.type === 'progress_state' &&
          JSON.stringify(m.data).includes('"2":') &&
          JSON.stringify(m.data).includes('"finished"') &&
          m.data['prompt_id'] === id,
      )
      const kinds = new Set(client.messages.flatMap((m) => ('data' in m && m.data['prompt_id'] === id ? [m.type] : [])))
      check.same('its messages', [...kinds], ['progress_state'])
      await client.close()
    },
  },
  {
    what: 'the keys of other services are in no history, and other extra data is',
    async play(world, check, signal) {
      const [id, clientId] = [randomUUID(), randomUUID()]
      const client = await listen(world, clientId, signal)
      const extra = { api_key_comfy_org: 'none', preview_method: 'auto' }
      await submit(world, { prompt: flat(anyColor()), prompt_id: id, client_id: clientId, extra_data: extra })
      await client.settled(id)
      check.like('the item', await entryOf(world, id), {
        prompt: { 3: { client_id: clientId, preview_method: 'auto', api_key_comfy_org: undefined } },
      })
      await client.close()
    },
  },
  {
    what: 'a fraction, a text and a wrapped value are taken for a whole number',
    async play(world, check, signal) {
      for (const width of [64.9, '64', { __value__: 64 }]) {
        const graph = flat(anyColor())
        const { answer } = await run({
          world,
          prompt: { ...graph, '1': { ...graph['1'], inputs: { ...graph['1'].inputs, width } } },
          signal,
        })
        check.answer(JSON.stringify(width), answer, { status: 200, json: { node_errors: {} } })
      }
    },
  },
  {
    what: 'one sound output is enough: the other one is reported and dropped',
    async play(world, check, signal) {
      const prompt = { ...flat(anyColor()), '3': { class_type: 'SaveImage', inputs: { filename_prefix: 'x' } } }
      const { answer, entry } = await run({ world, prompt, signal })
      check.answer('POST /prompt', answer, {
        status: 200,
        json: {
          node_errors: {
            '3': {
              class_type: 'SaveImage',
              dependent_outputs: ['3'],
              errors: { 0: { type: 'required_input_missing' } },
            },
          },
        },
      })
      check.like('the history', entry, { prompt: { 4: ['2'] }, status: { status_str: 'success' } })
    },
  },
  {
    what: 'a prefix that leaves the output folder fails while it runs, and nothing is written',
    async play(world, check, signal) {
      const graph = flat(anyColor())
      const saver = { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: '../../regie-escaped' } }
      const { id, client, entry } = await run({ world, prompt: { '1': graph['1'], '2': saver }, signal })
      check.like('the message', client.data('execution_error', id)[0], {
        node_id: '2',
        node_type: 'SaveImage',
        executed: ['1'],
        exception_message: /Saving image outside the output folder is not allowed\./,
      })
      check.same('its end', client.storyOf(id).slice(-2), ['execution_error', 'executing null'])
      check.like('the history', entry, { status: { status_str: 'error', completed: false } })
    },
  },
]

const sockets: readonly ComfyuiRow[] = [
  {
    what: 'the first frame names the session',
    async play(world, check, signal) {
      const clientId = randomUUID()
      const client = await listen(world, clientId, signal)
      check.like('the first frame', client.messages[0], {
        type: 'status',
        data: { status: { exec_info: { queue_remaining: Number.isInteger } }, sid: clientId },
      })
      await client.close()
    },
  },
  {
    what: 'who brings no client id gets one',
    async play(world, check, signal) {
      const client = await listen(world, '', signal)
      check.like('the first frame', client.messages[0], { data: { sid: /^[0-9a-f]{32}$/ } })
      await client.close()
    },
  },
  {
    what: 'features are answered to the first message',
    async play(world, check, signal) {
      const client = await listen(world, randomUUID(), signal)
      client.send('feature_flags', { supports_preview_metadata: true })
      const answer = await client.receive(({ type }) => type === 'feature_flags')
      check.like('the answer', answer, { data: { supports_preview_metadata: true, max_upload_size: Number.isInteger } })
      await client.close()
    },
  },
]

/** The lines of the sampler's own node. */
const samplerLines = (lines: readonly string[]) => {
  const from = lines.indexOf('executing 5')
  const end = lines.indexOf('progress_state 5 finished')
  return lines.slice(from, end + 1)
}

const hasPreviews: NonNullable<ComfyuiRow['skip']> = ({ facts }) => {
  const at = facts.argv.indexOf('--preview-method')
  const method = at < 0 ? 'none' : facts.argv[at + 1]
  return method === 'none' ? 'needs --preview-method' : null
}
const noPreviews: NonNullable<ComfyuiRow['skip']> = (world) =>
  hasPreviews(world) === null ? 'only without --preview-method' : null

const framesOf = (messages: readonly Message[]) => messages.flatMap((m) => ('bytes' in m ? [m.bytes] : []))

async function sampledRun(world: ComfyuiWorld, signal: AbortSignal, flags?: Record<string, unknown>) {
  const prompt = sampled(world.facts.checkpoint ?? '', randomInt(2 ** 30), 2)
  return run({ world, prompt, signal, ...(flags ? { flags } : {}) })
}

const sampling: readonly ComfyuiRow[] = [
  {
    what: 'without --preview-method the steps come without pictures',
    skip: noPreviews,
    async play(world, check, signal) {
      const { id, client } = await sampledRun(world, signal)
      check.same('the sampler', samplerLines(client.storyOf(id)), [
        'executing 5',
        'progress_state 5 running',
        'progress 1/2',
        'progress_state 5 running',
        'progress 2/2',
        'progress_state 5 finished',
      ])
    },
  },
  {
    what: 'a picture of type 1 follows each step',
    skip: hasPreviews,
    async play(world, check, signal) {
      const { id, client } = await sampledRun(world, signal)
      check.same('the sampler', samplerLines(client.storyOf(id)), [
        'executing 5',
        'progress_state 5 running',
        'progress 1/2',
        'binary 1',
        'progress_state 5 running',
        'progress 2/2',
        'binary 1',
        'progress_state 5 finished',
      ])
      const [frame] = framesOf(client.messages)
      check.same('its head', frame && [frame.readUInt32BE(4), frame.readUInt16BE(8)], [1, 0xffd8])
    },
  },
  {
    what: 'who asked for it gets pictures of type 4, before each step',
    skip: hasPreviews,
    async play(world, check, signal) {
      const { id, client } = await sampledRun(world, signal, { supports_preview_metadata: true })
      check.same('the sampler', samplerLines(client.storyOf(id)), [
        'executing 5',
        'progress_state 5 running',
        'binary 4',
        'progress 1/2',
        'progress_state 5 running',
        'binary 4',
        'progress 2/2',
        'progress_state 5 finished',
      ])
      const frame = framesOf(client.messages)[0] ?? Buffer.alloc(8)
      const length = frame.readUInt32BE(4)
      const told: unknown = JSON.parse(frame.toString('utf8', 8, 8 + length) || 'null')
      check.same('what it says', told, {
        node_id: '5',
        prompt_id: id,
        display_node_id: '5',
        parent_node_id: null,
        real_node_id: '5',
        image_type: 'image/jpeg',
      })
    },
  },
  {
    what: 'a run that differs in its seed lists what it reuses',
    async play(world, check, signal) {
      await sampledRun(world, signal)
      const { id, client } = await sampledRun(world, signal)
      check.same('the cached', client.data('execution_cached', id)[0]?.['nodes'], ['1', '2', '3', '4'])
    },
  },
  {
    what: 'an interrupt of our own job ends it, and its owner alone is told',
    async play(world, check, signal) {
      const [id, clientId] = [randomUUID(), randomUUID()]
      const [client, other] = [await listen(world, clientId, signal), await listen(world, randomUUID(), signal)]
      const prompt = sampled(world.facts.checkpoint ?? '', randomInt(2 ** 30), 10_000)
      await submit(world, { prompt, prompt_id: id, client_id: clientId })
      await client.receive((m) => 'data' in m && m.type === 'progress' && m.data['prompt_id'] === id)
      check.answer(
        'one that names nobody',
        await askIn(world, { path: '/interrupt', body: { prompt_id: randomUUID() } }),
        { status: 200, text: '' },
      )
      await client.receive(
        (m) => 'data' in m && m.type === 'progress' && m.data['prompt_id'] === id && Number(m.data['value']) > 1,
      )
      check.answer('POST /interrupt', await askIn(world, { path: '/interrupt', body: { prompt_id: id } }), {
        status: 200,
        text: '',
      })
      await client.settled(id)
      check.same('its end', client.storyOf(id).slice(-2), ['execution_interrupted', 'executing null'])
      check.like('what its owner hears', client.data('execution_interrupted', id)[0], {
        node_id: '5',
        node_type: 'KSampler',
        executed: Array.isArray,
      })
      await other.receive((m) => m.type === 'status' && other.messages.indexOf(m) > 0)
      check.same('what others hear', other.data('execution_interrupted', id), [])
      check.like('the history', await entryOf(world, id), { status: { status_str: 'error', completed: false } })
      await client.close()
      await other.close()
    },
  },
  {
    what: 'who comes back under the same id while the job runs is told its node, without the job',
    async play(world, check, signal) {
      const [id, clientId] = [randomUUID(), randomUUID()]
      const first = await listen(world, clientId, signal)
      const prompt = sampled(world.facts.checkpoint ?? '', randomInt(2 ** 30), 10_000)
      await submit(world, { prompt, prompt_id: id, client_id: clientId })
      await first.receive((m) => 'data' in m && m.type === 'progress' && m.data['prompt_id'] === id)
      await first.close()
      const again = await listen(world, clientId, signal)
      const second = await again.receive(({ type }) => type === 'executing')
      check.same('the second frame', second, { type: 'executing', data: { node: '5' } })
      await again.receive(({ type }) => type === 'progress')
      await askIn(world, { path: '/interrupt', body: { prompt_id: id } })
      await again.settled(id)
      await again.close()
    },
  },
]

/** Rows that queue jobs: they leave pictures in the temporary folder and entries in the history. */
const jobs = (rows: readonly ComfyuiRow[], ...more: NonNullable<ComfyuiRow['skip']>[]): ComfyuiRow[] =>
  rows.map((row) => ({ ...row, changes: true, skip: all(needs.letIn, ...more, row.skip ?? (() => null)) }))

/** Jobs, and what is heard of them. */
export const runTables: readonly Table<ComfyuiWorld>[] = [
  { title: 'ComfyUI: the WebSocket', rows: sockets.map((row) => ({ ...row, skip: needs.letIn })) },
  { title: 'ComfyUI: jobs without a model', rows: jobs(normal) },
  { title: 'ComfyUI: jobs with a model', rows: jobs(sampling, needs.checkpoint) },
]
