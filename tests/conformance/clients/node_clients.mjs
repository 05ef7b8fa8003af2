// The clients of npm against an address, unmodified: a line of JSON for each thing that they are asked to do. The key comes in
// REGIE_KEY, never as an argument; the first argument is the client, the second the address.
const [which = '', url = ''] = process.argv.slice(2)
const key = process.env['REGIE_KEY'] ?? ''
const { host } = new URL(url)

const graph = (/** @type {string} */ prefix) => ({
  1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 3_368_601 } },
  2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: prefix } },
})

/** A job that takes a while: @saintno/comfyui-sdk waits for ever for one that ended before it asked how it goes. */
const sampled = (/** @type {string} */ checkpoint, /** @type {string} */ prefix) => ({
  1: { class_type: 'CheckpointLoaderSimple', inputs: { ckpt_name: checkpoint } },
  2: { class_type: 'CLIPTextEncode', inputs: { text: 'a lighthouse', clip: ['1', 1] } },
  3: { class_type: 'EmptyLatentImage', inputs: { width: 256, height: 256, batch_size: 1 } },
  4: {
    class_type: 'KSampler',
    inputs: {
      ...{ model: ['1', 0], positive: ['2', 0], negative: ['2', 0], latent_image: ['3', 0], seed: Date.now() },
      ...{ steps: 20, cfg: 1, sampler_name: 'euler', scheduler: 'simple', denoise: 1 },
    },
  },
  5: { class_type: 'VAEDecode', inputs: { samples: ['4', 0], vae: ['1', 2] } },
  6: { class_type: 'SaveImage', inputs: { images: ['5', 0], filename_prefix: prefix } },
})

/** @param {Record<string, () => Promise<boolean>>} tasks */
async function run(tasks) {
  for (const [task, work] of Object.entries(tasks)) {
    const [ok, detail] = await work().then(
      (isRight) => /** @type {const} */ ([isRight, '']),
      (error) => /** @type {const} */ ([false, String(error?.message ?? error).slice(0, 300)]),
    )
    console.log(JSON.stringify({ task, ok, detail }))
  }
}

async function stableCanvas() {
  const [{ Client }, { WebSocket }] = await Promise.all([import('@stable-canvas/comfyui-client'), import('ws')])
  /** With a key where this client has a place for it: its own fetch and its own WebSocket. */
  const open = (/** @type {string} */ token) =>
    new Client({
      api_host: host,
      ssl: url.startsWith('https'),
      fetch: (/** @type {string} */ at, /** @type {RequestInit} */ init = {}) => {
        const headers = new Headers(init.headers)
        headers.set('authorization', `Bearer ${token}`)
        return fetch(at, { ...init, headers })
      },
      WebSocket: class extends WebSocket {
        constructor(/** @type {string} */ at) {
          super(at, { headers: { authorization: `Bearer ${token}` } })
        }
      },
    })
  const client = open(key)
  client.connect()
  await run({
    'queue a graph, wait over the WebSocket, fetch its image': async () => {
      const { images } = await client.enqueue(graph('stable-canvas'), {})
      return images.length === 1
    },
    'read the queue': async () => Array.isArray((await client.getQueue()).Running),
    'read classes': async () => 'KSampler' in (await client.getNodeDefs()),
    'read embeddings': async () => Array.isArray(await client.getEmbeddings()),
    'read the system': async () => 'devices' in (await client.getSystemStats()),
    'be refused with a wrong key': async () =>
      await open(`rk_${'A'.repeat(36)}`)
        .getSystemStats()
        .then(
          (answer) => !('devices' in answer),
          () => true,
        ),
  })
  client.close()
}

async function saintno() {
  const [{ ComfyApi, CallWrapper, PromptBuilder }, { WebSocket }] = await Promise.all([
    import('@saintno/comfyui-sdk'),
    import('ws'),
  ])
  const open = (/** @type {string} */ token) =>
    new ComfyApi(url, undefined, {
      credentials: { type: 'bearer_token', token },
      customWebSocketImpl: WebSocket,
    })
  const api = open(key).init()
  await api.waitForReady()
  await run({
    'queue a graph, wait over the WebSocket, fetch its image': async () => {
      const [checkpoint] = await api.getCheckpoints()
      const prompt = new PromptBuilder(sampled(checkpoint, 'saintno'), [], ['images']).setOutputNode('images', '6')
      const result = await new CallWrapper(api, prompt).run()
      if (!result) return false
      const [image] = result.images.images
      const blob = await api.getImage(image)
      return blob.size > 0
    },
    'read the queue': async () => 'queue_running' in (await api.getQueue()),
    'read classes': async () => 'KSampler' in (await api.getNodeDefs()),
    'read the system': async () => 'devices' in (await api.getSystemStats()),
    'upload a picture': async () => {
      const sent = await api.uploadImage(Buffer.from(square, 'base64'), 'square.png', { subfolder: 'regie-clients' })
      return sent !== false
    },
    'be refused with a wrong key': async () =>
      await open(`rk_${'A'.repeat(36)}`)
        .getSystemStats()
        .then(
          (answer) => !('devices' in answer),
          () => true,
        ),
  })
  api.destroy()
}

/** A PNG of 1 × 1. */
const square = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII='

await (which === '@saintno/comfyui-sdk' ? saintno() : stableCanvas())
process.exit()
