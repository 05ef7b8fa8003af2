import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { HeadlessPanel } from './headless'
import { freePort } from './ports'
import { addSimulatedProgram, generateOn } from './simulated'
import { until } from './until'

/** As long as an id may be. */
export const longId = 'comfyui-of-the-second-workstation-by-the-window-for-the-evening'

const longPrompt =
  'A lighthouse on a basalt cliff at dusk, seen from the sea, long exposure, gulls in the last light, the foam a pale line'

const composeText = (port: number) => `services:
  comfyui-qwen:
    image: regie/comfyui-qwen:0.3.64
    ports: ["\${COMFYUI_PORT:-${port}}:8188"]
    volumes: ["./missing/qwen-api-user-with-a-name-that-goes-on-and-on.token:/run/token:ro"]
    environment: { CUDA_VISIBLE_DEVICES: "0", CIVITAI_TOKEN: "\${CIVITAI_TOKEN}" }
`

/** Leaves a secret where it does not belong, and lets Regie find it. */
async function leak({ client, data }: HeadlessPanel): Promise<void> {
  const folder = path.join(data, 'a-folder-with-a-long-name', 'notes-of-a-course-that-nobody-looks-at-any-more')
  await mkdir(folder, { recursive: true })
  const revealed = await client.credentials.reveal({ id: 'forge-demo' })
  const secret = 'password' in revealed ? revealed.password : ''
  await writeFile(path.join(folder, 'smoke-test-of-the-classroom.http'), `--gradio-auth demo:${secret}\n`)
  await client.leaks.scan({ folder, sources: ['files'] })
  await until('the scan to end', async () => (await client.leaks.last())?.state === 'done')
}

/**
 * Fills a demo panel with all that its pages have to show: services in every state (ready, asked to start, locked out,
 * unreachable, without its engine), generations, one credential that drifted, one that is not verified, policies and
 * consumers, and names of every length. Resolves when all of it is there.
 */
export async function fillPanel(panel: HeadlessPanel): Promise<{ generationId: string }> {
  const { client } = panel
  await client.system.changeSettings({ welcomed: true, theme: 'dark' })
  const at = (...parts: string[]) => path.join(panel.data, ...parts)

  const folder = at('a-folder-with-a-long-name', 'docker-configurations', 'comfyui-qwen')
  await mkdir(folder, { recursive: true })
  await writeFile(path.join(folder, 'compose.yaml'), composeText(await freePort()))
  const compose = { file: path.join(folder, 'compose.yaml'), service: 'comfyui-qwen' }
  const away = `http://127.0.0.1:${await freePort()}`
  await client.services.create({ id: 'comfyui-qwen', kind: 'comfyui', runtime: 'compose', url: away, compose })
  await client.services.create({ id: 'forge-away', kind: 'forge', runtime: 'external', url: away })
  const slow = { id: 'forge-slow', kind: 'forge', behaviour: { slowStartMs: 600_000 } } as const
  await addSimulatedProgram(panel, { ...slow, port: await freePort() })
  await addSimulatedProgram(panel, { id: longId, kind: 'comfyui', port: await freePort(), behaviour: {} })
  await client.credentials.create({ id: 'hugging-face', scheme: 'token' })

  await Promise.all(['comfyui-demo', 'forge-demo', longId].map((id) => client.services.start({ id })))
  const [made, , binned] = await Promise.all([
    generateOn(panel, 'forge-demo', longPrompt),
    generateOn(panel, 'comfyui-demo', 'Northern lights over a frozen lake'),
    generateOn(panel, 'comfyui-demo', 'An image that nobody wants'),
  ])
  await client.gallery.change({ ids: [binned.id], bin: true })

  const policy = { mode: 'automatic', everyDays: 90, graceHours: 24 } as const
  await client.credentials.setPolicy({ id: 'comfyui-demo', policy })
  await client.credentials.setConsumers({
    id: 'comfyui-demo',
    consumers: [{ name: 'Notebooks of the course', note: 'MyIA.AI.Notebooks/GenAI/.env, read at each start' }],
  })
  const { sinks } = await client.credentials.get({ id: 'comfyui-demo' })
  const drifting = sinks.find(({ key }) => key === 'COMFYUI_API_TOKEN')?.path ?? ''
  await writeFile(drifting, "OTHER=kept\nCOMFYUI_API_TOKEN='an-old-value'\n")
  await client.credentials.drift({ id: 'comfyui-demo' })

  const login = (await client.credentials.get({ id: longId })).sinks.find(({ type }) => type === 'comfyui-login')
  await writeFile(login?.path ?? '', `$2b$12$${'a'.repeat(53)}\nregie\n`)
  await client.services.restart({ id: longId })
  await until(
    'the service to be locked out',
    async () => (await client.services.get({ id: longId })).health.state === 'locked-out',
    30_000,
  )
  await client.exposure.run({ id: 'forge-demo' })
  await leak(panel)
  // Its start goes on for as long as anybody looks.
  void client.services.start({ id: 'forge-slow' }).catch(() => undefined)
  return { generationId: made.id }
}
