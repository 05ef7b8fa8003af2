import { readPath, type ReadPath } from '../../gateway/path'
import { remembered } from '../../gateway/remembered'
import { createTable, type Found, type TableRow } from '../../gateway/table'

/** What is done for a user on a route that is not everybody's. */
export type ForgeAct =
  | 'picture'
  | 'other-work'
  | 'detect'
  | 'progress'
  | 'task-progress'
  | 'pending-tasks'
  | 'interrupt'
  | 'skip'
  | 'options'
  | 'join'
  | 'stream'
  | 'cancel'
  | 'file'
  | 'upload'

const lists = [
  'samplers',
  'schedulers',
  'upscalers',
  'latent-upscale-modes',
  'sd-models',
  'sd-modules',
  'sd-vae',
  'hypernetworks',
  'face-restorers',
  'realesrgan-models',
  'prompt-styles',
  'embeddings',
  'loras',
  'memory',
  'scripts',
  'script-info',
  'extensions',
]

/** Forge's and gradio's routes (webui.py, modules/api/api.py, gradio/routes.py 4.40; Forge Neo has the same). */
const rows: readonly TableRow<ForgeAct>[] = [
  ['POST sdapi/v1/txt2img', 'job', 'picture'],
  ['POST sdapi/v1/img2img', 'job', 'picture'],
  ['POST sdapi/v1/extra-single-image', 'job', 'other-work'],
  ['POST sdapi/v1/extra-batch-images', 'job', 'other-work'],
  ['POST sdapi/v1/interrogate', 'job', 'other-work'],
  ['POST controlnet/detect', 'job', 'detect'],
  ['GET sdapi/v1/progress', 'own', 'progress'],
  ['POST internal/progress', 'own', 'task-progress'],
  ['GET internal/pending-tasks', 'own', 'pending-tasks'],
  ['POST sdapi/v1/interrupt', 'own', 'interrupt'],
  ['POST sdapi/v1/skip', 'own', 'skip'],
  ['GET sdapi/v1/options', 'own', 'options'],
  ...lists.map((name) => [`GET sdapi/v1/${name}`, 'everybody'] as const),
  ['POST sdapi/v1/png-info', 'everybody'],
  ['POST sdapi/v1/refresh-checkpoints', 'everybody'],
  ['POST sdapi/v1/refresh-vae', 'everybody'],
  ['POST sdapi/v1/refresh-embeddings', 'everybody'],
  ['POST sdapi/v1/refresh-loras', 'everybody'],
  ['GET controlnet/version', 'everybody'],
  ['GET controlnet/module_list', 'everybody'],
  ['GET controlnet/model_list', 'everybody'],
  ['GET controlnet/control_types', 'everybody'],
  ['GET controlnet/settings', 'everybody'],
  ['GET sd_extra_networks/**', 'everybody'],
  ['GET internal/ping', 'everybody'],
  ['GET docs/**', 'everybody'],
  ['GET redoc', 'everybody'],
  ['GET openapi.json', 'everybody'],
  // Gradio's pages.
  ['GET ', 'everybody'],
  ...['config', 'info', 'login_check', 'token', 'user', 'app_id', 'theme.css', 'robots.txt', 'favicon.ico'].map(
    (name) => [`GET ${name}`, 'everybody'] as const,
  ),
  ['GET startup-events', 'everybody'],
  ['GET static/**', 'everybody'],
  ['GET assets/**', 'everybody'],
  ['GET svelte/**', 'everybody'],
  ['GET custom_component/**', 'everybody'],
  ['GET webui-assets/**', 'everybody'],
  ['GET queue/status', 'everybody'],
  // Whose session it is, only its own page knows: its name is made up there.
  ['POST queue/join', 'own', 'join'],
  ['GET queue/data', 'own', 'stream'],
  ['POST run/*', 'own', 'join'],
  ['POST api/*', 'own', 'join'],
  ['GET heartbeat/*', 'everybody'],
  ['POST reset', 'everybody'],
  ['POST cancel', 'own', 'cancel'],
  ['POST upload', 'own', 'upload'],
  ['GET upload_progress', 'everybody'],
  ['GET file=*/**', 'own', 'file'],
  ['GET file/**', 'own', 'file'],
  // What follows hits everybody, or tells of everybody.
  ['* sdapi/v1/options', 'admin'],
  ['* sdapi/v1/cmd-flags', 'admin'],
  ['* sdapi/v1/unload-checkpoint', 'admin'],
  ['* sdapi/v1/reload-checkpoint', 'admin'],
  ['* sdapi/v1/server-*', 'admin'],
  ['* sdapi/v1/create/**', 'admin'],
  ['* sdapi/v1/train/**', 'admin'],
  ['* internal/**', 'admin'],
  ['* monitoring/**', 'admin'],
  ['* proxy=*/**', 'admin'],
  // Functions called in other ways than the page does, and what lists folders of the service's machine.
  ...['call', 'run', 'api', 'queue', 'stream', 'component_server', 'cancel'].map(
    (name) => [`* ${name}/**`, 'admin'] as const,
  ),
  ['* dev/**', 'admin'],
  // The gateway signs in, and holds the session.
  ['* login/**', 'admin'],
  ['* logout/**', 'admin'],
]

const find = createTable(rows)

export interface ForgeFound extends Found<ForgeAct> {
  /** Null: spelled as no client does. */
  path: ReadPath | null
}

/** Where a question stands on the list. */
export const findForgeRoute = remembered(({ method, path }): ForgeFound => {
  const read = readPath(path)
  if (read === null) return { route: { rule: 'admin' }, does: null, path: null }
  return { ...(find(method, read) ?? { route: { rule: 'unknown' }, does: null }), path: read }
})
