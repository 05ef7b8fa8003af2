import type { Expected, RequestRow, Table } from '../row'
import type { ForgeFacts, ForgeWorld } from './world'

/** Who guards a route: the flag of the API, that of the pages, or none. */
type Guard = 'api' | 'pages' | 'nobody'

interface Route {
  /** `GET /path` */
  line: string
  guard: Guard
  /** What whoever is let in gets. */
  status: number
  json?: unknown
  text?: RegExp
  /** Only the web interface has it. */
  pages?: true
  /** Forge Neo has it no more. */
  gone?: true
}

const field = (type: string, ...loc: (string | number)[]) => [
  { type, loc, url: `https://errors.pydantic.dev/2.8/v/${type}` },
]
const wantsBody = { detail: field('missing', 'body') }

const all = (guard: Guard, status: number, lines: readonly string[]): Route[] =>
  lines.map((line) => ({ line, guard, status }))

const pages = (routes: readonly Route[]): Route[] => routes.map((route) => ({ ...route, pages: true }))

const gone = (routes: readonly Route[]): Route[] => routes.map((route) => ({ ...route, gone: true }))

const api: readonly Route[] = [
  ...gone([
    ...all('api', 200, ['GET /sdapi/v1/hypernetworks', 'GET /sdapi/v1/realesrgan-models']),
    ...all('api', 200, ['POST /sdapi/v1/reload-checkpoint']),
    { line: 'POST /sdapi/v1/interrogate', guard: 'api', status: 422, json: wantsBody },
  ]),
  ...all(
    'api',
    200,
    ['options', 'progress', 'samplers', 'schedulers', 'memory', 'sd-models', 'sd-modules', 'upscalers', 'embeddings']
      .concat(['latent-upscale-modes', 'prompt-styles', 'scripts', 'script-info', 'extensions', 'face-restorers'])
      .map((name) => `GET /sdapi/v1/${name}`),
  ),
  ...['txt2img', 'img2img', 'extra-batch-images', 'extra-single-image', 'png-info', 'options'].map((name): Route => ({
    line: `POST /sdapi/v1/${name}`,
    guard: 'api',
    status: 422,
    json: wantsBody,
  })),
  { line: 'GET /sdapi/v1/sd-vae', guard: 'nobody', status: 404, json: { detail: 'Not Found' } },
]

/** Nobody is asked who he is before it is known what is asked for. */
const wrongMethods: readonly Route[] = [
  ...all('nobody', 405, [
    'GET /sdapi/v1/txt2img',
    'PUT /sdapi/v1/options',
    'OPTIONS /sdapi/v1/options',
    'HEAD /sdapi/v1/options',
  ]),
  ...all('nobody', 307, ['GET /sdapi/v1/options/']),
]

const extensions: readonly Route[] = [
  ...all('nobody', 200, [
    'GET /sdapi/v1/loras',
    'POST /sdapi/v1/refresh-loras',
    'GET /controlnet/module_list',
    'GET /controlnet/model_list',
    'GET /controlnet/control_types',
    'GET /docs',
    'GET /redoc',
    'GET /openapi.json',
  ]),
  ...all('nobody', 404, ['GET /controlnet/version']),
]

const internal: readonly Route[] = pages([
  ...all('nobody', 200, [
    'GET /internal/ping',
    'GET /internal/pending-tasks',
    'GET /internal/sysinfo',
    'GET /internal/sysinfo-download',
    'GET /internal/profile-startup',
    'GET /sd_extra_networks/metadata',
  ]),
  { line: 'POST /internal/progress', guard: 'nobody', status: 422, json: wantsBody },
])

const gradio: readonly Route[] = pages([
  ...all('nobody', 200, ['GET /', 'HEAD /', 'GET /token', 'GET /app_id', 'GET /theme.css', 'GET /robots.txt']),
  ...all('nobody', 200, ['GET /startup-events', 'GET /static/img/logo.svg']),
  ...all('nobody', 405, ['GET /login', 'GET /login/']),
  ...all('nobody', 404, ['GET /stream']),
  ...all('pages', 200, ['GET /config', 'GET /config/', 'GET /info', 'GET /queue/status', 'GET /login_check']),
  ...all('pages', 200, ['GET /file=html/licenses.html']),
  { line: 'GET /monitoring', guard: 'pages', status: 200, text: /See console for monitoring URL/ },
  ...all('pages', 404, ['GET /file=nope-nope.png']),
  ...['run/predict', 'queue/join', 'api/predict'].map((name): Route => ({
    line: `POST /${name}`,
    guard: 'pages',
    status: 422,
    json: wantsBody,
  })),
  {
    line: 'GET /queue/data',
    guard: 'pages',
    status: 422,
    json: { detail: field('missing', 'query', 'session_hash') },
  },
  {
    line: 'GET /proxy=http://127.0.0.1:1/x',
    guard: 'pages',
    status: 400,
    json: { detail: 'This URL cannot be proxied.' },
  },
  { line: 'POST /upload', guard: 'pages', status: 400, json: { detail: 'Invalid content type.' } },
  { line: 'POST /component_server', guard: 'pages', status: 400, json: { detail: 'Invalid JSON body.' } },
])

const isGuarded = (guard: Guard, { api: apiFlag, pages: pagesFlag }: ForgeFacts) =>
  (guard === 'api' && apiFlag === 'guarded') || (guard === 'pages' && pagesFlag === 'guarded')

const isCore = ({ line }: Route) => /\/sdapi\/v1\/(?!loras|refresh-loras)/.test(line)

function expected(route: Route, facts: ForgeFacts, isLetIn: boolean): Expected {
  if (route.gone && facts.neo) return { status: 404, json: { detail: 'Not Found' } }
  const isMissing = (route.pages === true && facts.pages === 'none') || (isCore(route) && facts.api === 'off')
  if (isMissing) return { status: 404 }
  if (!isLetIn && isGuarded(route.guard, facts))
    return { status: 401, ...(route.line.startsWith('HEAD') ? {} : { json: { detail: 'Not authenticated' } }) }
  return {
    status: route.status,
    ...(route.json === undefined ? {} : { json: route.json }),
    ...(route.text ? { text: route.text } : {}),
  }
}

const needsAccount = ({ facts, account }: ForgeWorld) =>
  account === null && (facts.api === 'guarded' || facts.pages === 'guarded') ? 'needs --account-file' : null

function rowsOf(route: Route): RequestRow<ForgeWorld>[] {
  const [method = 'GET', path = '/'] = route.line.split(' ')
  const changes = /refresh-loras/.test(path) ? ({ changes: true } as const) : {}
  return [
    {
      what: `${route.line} to a stranger`,
      ask: { method, path },
      expect: ({ facts }) => expected(route, facts, false),
      ...changes,
    },
    {
      what: `${route.line} to whoever may`,
      skip: needsAccount,
      ask: { method, path, credential: 'right' },
      expect: ({ facts }) => expected(route, facts, true),
      ...changes,
    },
  ]
}

const table = (title: string, routes: readonly Route[]): Table<ForgeWorld> => ({
  title: `Forge: ${title}`,
  rows: routes.flatMap(rowsOf),
})

/** Each route under the flags of the installation: which status a stranger gets, and which whoever has the account. */
export const routeTables: readonly Table<ForgeWorld>[] = [
  table('routes of the API', api),
  table('wrong methods', wrongMethods),
  table('routes of extensions', extensions),
  table('routes of the web interface', internal),
  table('routes of gradio', gradio),
]
