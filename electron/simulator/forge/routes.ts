import path from 'node:path'
import { html, json, type Reply } from '../http/reply'
import { header, type Call } from '../http/server'
import { readPngTexts, encodePng } from '../media/png'
import { decodeImage, resize } from '../media/raster'
import { findCheckpoint, samplers, schedulers, titleOf, type Checkpoint } from './catalog'
import type { Generator } from './generate'
import { gradioRoutes } from './gradio'
import { methods, type Handler, type Method, type Routes } from './handlers'
import { parseInfotext } from './infotext'
import { img2imgFields, paramsOf, txt2imgFields } from './models'
import { saveOptions, type Options } from './options'
import { appPage, loginPage } from './pages'
import type { Flags, GradioLogin } from './protection'
import { parseBody, readModel, type Field } from './pydantic'
import { callPage } from './page'
import { createQueue } from './queue'
import { detail, ForgeException, unprocessable } from './replies'
import { progressReply, taskReply } from './state'

export interface RouteContext {
  folder: string
  flags: Flags
  login: GradioLogin
  generator: Generator
  options: Options
  checkpoints: () => Promise<readonly Checkpoint[]>
  /** `--port` as given: makes `/cmd-flags` fail, as it does in Forge. */
  givenPort: number | null
}

const none = () => json(null)
const nothing = () => json({})

/** Reads and checks a JSON body; a body that does not fit is answered with FastAPI's 422. */
async function withBody(
  call: Call,
  fields: Readonly<Record<string, Field>>,
  then: (values: Map<string, unknown>, body: Record<string, unknown>) => Reply | Promise<Reply>,
): Promise<Reply> {
  const body = parseBody((await call.body()).toString('utf8'), header(call, 'content-type'))
  if ('issues' in body) return unprocessable(body.issues)
  const read = readModel(body.value, fields)
  return 'issues' in read ? unprocessable(read.issues) : then(read.values, body.value)
}

const generation = (kind: 'txt2img' | 'img2img', { generator }: RouteContext): Handler => {
  const fields = kind === 'txt2img' ? txt2imgFields : img2imgFields
  return (call) => withBody(call, fields, async (values) => json(await generator.generate(kind, paramsOf(values))))
}

async function setOptions(call: Call, { folder, options, checkpoints }: RouteContext): Promise<Reply> {
  const known = await checkpoints()
  return withBody(call, {}, (_values, body) => {
    const asked = body['sd_model_checkpoint']
    const checkpoint = typeof asked === 'string' ? findCheckpoint(known, asked) : null
    if (typeof asked === 'string' && !checkpoint) throw new ForgeException('RuntimeError', `model '${asked}' not found`)
    const unknown = Object.keys(body).find((key) => !(key in options))
    if (unknown !== undefined) throw new ForgeException('KeyError', `'${unknown}'`)
    Object.assign(options, body, checkpoint ? { sd_model_checkpoint: titleOf(checkpoint) } : {})
    saveOptions(folder, options)
    return json(null)
  })
}

function memory(generator: Generator): Reply {
  const total = 25_438_126_080
  const used = generator.loaded() ? 9_126_805_504 : 812_318_720
  const held = generator.loaded() ? 7_514_095_616 : 0
  const both = { current: held, peak: held }
  return json({
    ram: { free: 40_802_189_312, used: 11_811_160_064, total: 67_430_121_472 },
    cuda: {
      system: { free: total - used, used, total },
      active: both,
      allocated: both,
      reserved: both,
      inactive: { current: 0, peak: 0 },
      events: { retries: 0, oom: 0 },
    },
  })
}

/** In clear, as the real one does: a panel must never show this. */
function commandFlags({ flags, givenPort }: RouteContext): Reply {
  const pair = (account: Flags['apiAuth']) => (account ? `${account.username}:${account.password}` : null)
  const all = {
    api: flags.api,
    nowebui: flags.nowebui,
    api_auth: pair(flags.apiAuth),
    gradio_auth: pair(flags.gradioAuth),
    port: givenPort,
    listen: false,
    ...(flags.neo
      ? { cpu: false, ckpt_dirs: null, model_ref: null, forge_ref_comfy_home: null, forge_ref_comfy_yaml: null }
      : {}),
  }
  if (givenPort !== null) {
    const issue = `{'type': 'string_type', 'loc': ('response', 'port'), 'msg': 'Input should be a valid string', 'input': ${givenPort}}`
    throw new ForgeException('ResponseValidationError', `1 validation errors:\n  ${issue}\n`, all)
  }
  return json(all)
}

function pngInfo(call: Call): Promise<Reply> {
  return withBody(call, { image: { type: 'str', fallback: '', nullable: false } }, (values) => {
    const bytes = Buffer.from(String(values.get('image')).replace(/^data:[^,]+,/, ''), 'base64')
    if (!decodeImage(bytes)) return detail(500, 'Invalid encoded image')
    const { parameters = '', ...items } = readPngTexts(bytes)
    return json({ info: parameters, items, parameters: parameters === '' ? {} : parseInfotext(parameters) })
  })
}

function upscale(call: Call): Promise<Reply> {
  const fields = {
    image: { type: 'str', fallback: '', nullable: false },
    upscaling_resize: { type: 'float', fallback: 2, nullable: false },
  } as const
  return withBody(call, fields, async (values) => {
    const raster = decodeImage(Buffer.from(String(values.get('image')), 'base64'))
    if (!raster) return detail(500, 'Invalid encoded image')
    const factor = Number(values.get('upscaling_resize'))
    const larger = resize(raster, Math.round(raster.width * factor), Math.round(raster.height * factor))
    return json({ html_info: '', image: (await encodePng(larger)).toString('base64') })
  })
}

/** What the fork has taken out. */
const goneInNeo: ReadonlySet<string> = new Set(
  ['interrogate', 'hypernetworks', 'realesrgan-models', 'reload-checkpoint'].map((name) => `/sdapi/v1/${name}`),
)

const get = (path: string, handler: Handler) => [`/sdapi/v1/${path}`, { GET: handler }] as const
const post = (path: string, handler: Handler) => [`/sdapi/v1/${path}`, { POST: handler }] as const

/** Routes behind `--api-auth` that need nothing of this server. */
const apiTools: Routes = new Map<string, Partial<Record<Method, Handler>>>([
  post('png-info', pngInfo),
  post('extra-single-image', upscale),
  post('interrogate', (call) =>
    withBody(call, { image: { type: 'str', fallback: '', nullable: false } }, () =>
      json({ caption: 'a simulated picture' }),
    ),
  ),
  post('extra-batch-images', (call) => withBody(call, {}, () => json({ html_info: '', images: [] }))),
  post('reload-checkpoint', nothing),
  get('samplers', () => json(samplers)),
  get('schedulers', () => json(schedulers)),
  get('realesrgan-models', () =>
    json(['R-ESRGAN General 4xV3', 'R-ESRGAN 4x+'].map((name) => ({ name, path: `<url>/${name}.pth`, scale: 4 }))),
  ),
  get('upscalers', () =>
    json(
      ['None', 'Lanczos', 'Nearest'].map((name) => ({
        name,
        model_name: null,
        model_path: null,
        model_url: null,
        scale: 4,
      })),
    ),
  ),
  get('latent-upscale-modes', () => json([{ name: 'Latent' }, { name: 'Latent (antialiased)' }])),
  get('embeddings', () => json({ loaded: {}, skipped: {} })),
  get('prompt-styles', () => json([])),
  get('scripts', () => json({ txt2img: ['controlnet'], img2img: ['controlnet'] })),
  get('script-info', () => json([])),
  get('extensions', () => json([])),
  get('hypernetworks', () => json([])),
  get('face-restorers', () => json([])),
])

/** Routes behind `--api-auth`. */
function apiRoutes(context: RouteContext): Routes {
  const { generator, options, checkpoints } = context
  const afterJob: Handler = async () => {
    await generator.idle()
    return json(null)
  }
  return new Map<string, Partial<Record<Method, Handler>>>([
    post('txt2img', generation('txt2img', context)),
    post('img2img', generation('img2img', context)),
    get('progress', async (call) => {
      generator.refreshPreview()
      return json(await progressReply(generator.state(), call.query.get('skip_current_image') !== 'true'))
    }),
    post('interrupt', () => {
      generator.interrupt()
      return json({})
    }),
    post('skip', () => {
      generator.skip()
      return json(null)
    }),
    post('unload-checkpoint', () => {
      generator.unload()
      return json({})
    }),
    post('refresh-checkpoints', afterJob),
    post('refresh-vae', afterJob),
    post('refresh-embeddings', afterJob),
    ['/sdapi/v1/options', { GET: () => json(options), POST: (call) => setOptions(call, context) }],
    get('cmd-flags', () => commandFlags(context)),
    get('memory', () => memory(generator)),
    get('sd-models', async () =>
      json(
        (await checkpoints()).map((checkpoint) => ({
          title: titleOf(checkpoint),
          model_name: checkpoint.name,
          hash: checkpoint.hash,
          sha256: null,
          filename: path.join(context.folder, 'models', 'Stable-diffusion', checkpoint.file),
          config: null,
        })),
      ),
    ),
    get('sd-modules', () =>
      json([
        {
          model_name: 'sdxl_vae.safetensors',
          filename: path.join(context.folder, 'models', 'VAE', 'sdxl_vae.safetensors'),
        },
      ]),
    ),
  ])
}

function internalProgress(call: Call, { generator }: RouteContext): Promise<Reply> {
  const fields = {
    id_task: { type: 'str', fallback: null, nullable: false },
    id_live_preview: { type: 'int', fallback: -1, nullable: false },
    live_preview: { type: 'bool', fallback: true, nullable: false },
  } as const
  return withBody(call, fields, async (values) => {
    const given = values.get('id_task')
    const id = typeof given === 'string' ? given : null
    const { tasks } = generator
    const active = tasks.isCurrent(id)
    const live = values.get('live_preview') === true
    if (active && live) generator.refreshPreview()
    const pending = tasks.pending()
    const place = id === null ? -1 : pending.indexOf(id)
    const task = { active, completed: tasks.isFinished(id), place, waiting: pending.length }
    return json(await taskReply(generator.state(), task, { live, seenPreview: Number(values.get('id_live_preview')) }))
  })
}

function pendingTasks({ generator }: RouteContext): Reply {
  const tasks = generator.tasks.pending()
  return json({ size: tasks.length, tasks })
}

const loras = ['add-detail-xl', 'pixel-art-xl'].map((name) => ({
  name,
  alias: name,
  path: `/models/Lora/${name}.safetensors`,
  metadata: {},
}))

const controlnetModules = ['None', 'canny', 'depth_midas', 'openpose_full', 'reference_only', 'softedge_pidinet']

/** Routes of the web interface and of its extensions. */
function webRoutes(context: RouteContext): Routes {
  const { flags, login, generator, folder } = context
  const app: Handler = (call) => html(flags.gradioAuth && !login.isSignedIn(call) ? loginPage : appPage)
  const report: Handler = () => json({ Platform: process.platform, Version: 'simulated', Commandline: ['launch.py'] })
  const types = { All: { module_list: controlnetModules, model_list: ['None'], default_option: 'none' } }
  return new Map<string, Partial<Record<Method, Handler>>>([
    ...gradioRoutes({ folder, queue: createQueue(callPage(generator, folder)) }),
    ['/', { GET: app, HEAD: app }],
    ['/login', { POST: (call) => login.submit(call) }],
    ['/login/', { POST: (call) => login.submit(call) }],
    ['/logout', { GET: () => login.logout() }],
    ['/login_check', { GET: none }],
    ['/internal/ping', { GET: nothing }],
    ['/internal/pending-tasks', { GET: () => pendingTasks(context) }],
    ['/internal/progress', { POST: (call) => internalProgress(call, context) }],
    ['/internal/sysinfo', { GET: report }],
    ['/internal/sysinfo-download', { GET: report }],
    ['/internal/profile-startup', { GET: () => json({ total: 1, records: {} }) }],
    ['/sd_extra_networks/metadata', { GET: nothing }],
    ['/sd_extra_networks/get-single-card', { GET: nothing }],
    ['/sdapi/v1/loras', { GET: () => json(loras) }],
    ['/sdapi/v1/refresh-loras', { POST: none }],
    ['/controlnet/module_list', { GET: () => json({ module_list: controlnetModules }) }],
    ['/controlnet/model_list', { GET: () => json({ model_list: ['None'] }) }],
    ['/controlnet/control_types', { GET: () => json({ control_types: types }) }],
    ['/controlnet/detect', { POST: () => unprocessable([missingBody]) }],
    ...(['/docs', '/redoc'] as const).map((at) => {
      const page: Handler = () => html(`<title>FastAPI - ${at === '/docs' ? 'Swagger UI' : 'ReDoc'}</title>`)
      return [at, { GET: page, HEAD: page }] as const
    }),
    ['/openapi.json', { GET: described, HEAD: described }],
  ])
}

const missingBody = { type: 'missing', loc: ['body'], msg: 'Field required', input: null }
const described: Handler = () => json({ openapi: '3.1.0', info: { title: 'FastAPI', version: '0.1.0' }, paths: {} })

/** A path with a slash too many is sent to the one without, which is there. */
const withoutSlash = (call: Call): Reply => {
  const to = `http://${header(call, 'host') ?? 'localhost'}${call.path.replace(/\/+$/, '')}`
  return { status: 307, headers: { location: to }, body: '' }
}

/** What serves a call. `isWrongMethod`: another method would find the path, which is said before anybody is asked who he is. */
export interface Route {
  handler: Handler
  isWrongMethod: boolean
}

/** Finds the handler of a path; null for no such path. */
export function createRouter(context: RouteContext): (call: Call) => Route | null {
  const isThere = ([route]: readonly [string, unknown]) => !(context.flags.neo && goneInNeo.has(route))
  const routes: Routes = new Map([...apiTools, ...apiRoutes(context), ...webRoutes(context)].filter(isThere))
  const prefixes = [...routes.keys()].filter((key) => key.endsWith('*'))
  return (call) => {
    const prefix = prefixes.find((key) => call.path.startsWith(key.slice(0, -1)))
    const found = routes.get(call.path) ?? (prefix === undefined ? undefined : routes.get(prefix))
    if (!found) {
      const isBelow = call.path.endsWith('/') && routes.has(call.path.replace(/\/+$/, ''))
      return isBelow ? { handler: withoutSlash, isWrongMethod: true } : null
    }
    const method = methods.find((known) => known === call.method)
    const handler = method === undefined ? undefined : found[method]
    if (handler) return { handler, isWrongMethod: false }
    return { handler: () => detail(405, 'Method Not Allowed'), isWrongMethod: true }
  }
}
