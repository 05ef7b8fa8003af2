import type { GatewayQuestion } from '../../gateway'
import { readPath, withoutFirst, type ReadPath } from '../../gateway/path'
import { remembered } from '../../gateway/remembered'
import { createTable, type Found, type TableRow } from '../../gateway/table'

/** What is done for a user on a route that is not everybody's. */
export type ComfyAct =
  | 'socket'
  | 'submit'
  | 'queue'
  | 'change-queue'
  | 'history'
  | 'history-entry'
  | 'jobs'
  | 'job'
  | 'cancel-job'
  | 'cancel-jobs'
  | 'interrupt'
  | 'view'
  | 'upload'
  | 'file-names'
  | 'stats'

/**
 * The routes of ComfyUI's API, which it serves with and without `/api` before them (server.py, app/, read in 0.3.64 and
 * 0.33), and of its manager's.
 */
const api: readonly TableRow<ComfyAct>[] = [
  ['GET ws', 'own', 'socket'],
  ['POST prompt', 'job', 'submit'],
  ['GET prompt', 'everybody'],
  ['GET queue', 'own', 'queue'],
  ['POST queue', 'own', 'change-queue'],
  ['GET history', 'own', 'history'],
  ['POST history', 'own', 'change-queue'],
  ['GET history/*', 'own', 'history-entry'],
  ['GET jobs', 'own', 'jobs'],
  ['POST jobs/cancel', 'own', 'cancel-jobs'],
  ['GET jobs/*', 'own', 'job'],
  ['POST jobs/*/cancel', 'own', 'cancel-job'],
  ['POST interrupt', 'own', 'interrupt'],
  ['GET view', 'own', 'view'],
  ['POST upload/image', 'own', 'upload'],
  ['POST upload/mask', 'own', 'upload'],
  ['GET system_stats', 'own', 'stats'],
  ['GET internal/files/*', 'own', 'file-names'],
  ['GET object_info/**', 'everybody'],
  ['GET models/**', 'everybody'],
  ['GET experiment/models/**', 'everybody'],
  ['GET embeddings', 'everybody'],
  ['GET view_metadata/*', 'everybody'],
  ['GET features', 'everybody'],
  ['GET extensions', 'everybody'],
  ['GET workflow_templates/**', 'everybody'],
  ['GET i18n', 'everybody'],
  ['GET global_subgraphs/**', 'everybody'],
  ['GET node_replacements', 'everybody'],
  ['GET users', 'everybody'],
  // One store for all (or one a header names, which anybody may write): said, not hidden.
  ['GET|POST|DELETE userdata/**', 'everybody'],
  ['GET v2/userdata/**', 'everybody'],
  ['GET|POST settings/**', 'everybody'],
  // What follows hits everybody, or tells of everybody.
  ['* free/**', 'admin'],
  ['* internal/**', 'admin'],
  ['* assets/**', 'admin'],
  ['* tags/**', 'admin'],
  ['* manager/**', 'admin'],
  ['* customnode/**', 'admin'],
  ['* snapshot/**', 'admin'],
  ['* externalmodel/**', 'admin'],
  ['* component/**', 'admin'],
  ['* comfyui_manager/**', 'admin'],
  ['* v2/**', 'admin'],
  // ComfyUI-Login's own: it is the gateway that signs in. Its page asks whether it shows itself to a guest: it does not.
  ['GET guest_mode', 'everybody'],
  ['* login/**', 'admin'],
  ['* logout/**', 'admin'],
  // The rest of what is known, in ways that are not: nothing below these is served.
  ...['ws', 'prompt', 'queue', 'history', 'jobs', 'interrupt', 'view', 'upload', 'system_stats', 'users'].map(
    (name) => [`* ${name}/**`, 'admin'] as const,
  ),
]

/** The files of the web page: only without `/api` before them, and only read. */
const pages: readonly TableRow<never>[] = [
  ['GET ', 'everybody'],
  ...['assets', 'scripts', 'extensions', 'templates', 'docs', 'fonts', 'cursor', 'lib', 'types'].map(
    (folder) => [`GET ${folder}/**`, 'everybody'] as const,
  ),
]

/** A file that lies beside the page. */
const besidePage = /^[\w.-]+\.(?:html|js|mjs|css|map|ico|png|svg|jpg|webp|json|webmanifest|txt|woff2?)$/

const findInApi = createTable(api)
const findInPages = createTable(pages)

export interface ComfyFound extends Found<ComfyAct> {
  /** Without `/api`; null: spelled as no client does. */
  path: ReadPath | null
}

function find({ method, path }: Pick<GatewayQuestion, 'method' | 'path'>): ComfyFound {
  const read = readPath(path)
  if (read === null) return { route: { rule: 'admin' }, does: null, path: null }
  // `/api/jobs` is registered with its prefix, and again with one before it.
  const prefixes = read.names.findIndex((name) => name !== 'api')
  const bare = withoutFirst(read, prefixes === -1 ? read.names.length : prefixes)
  // Any route's preflight question is answered by a middleware, and asks nothing of it.
  if (method === 'OPTIONS') return { route: { rule: 'everybody' }, does: null, path: bare }
  const reads = method === 'GET' || method === 'HEAD'
  if (prefixes === 0 || read.names.length === 0) {
    const page = reads ? findInPages(method, bare) : null
    if (page !== null) return { ...page, path: bare }
    const [name] = bare.names
    if (reads && bare.names.length === 1 && name !== undefined && besidePage.test(name))
      return { route: { rule: 'everybody' }, does: null, path: bare }
  }
  return { ...(findInApi(method, bare) ?? { route: { rule: 'unknown' }, does: null }), path: bare }
}

/** Where a question stands on the list. aiohttp's own view of paths decides: see `readPath` for what it might see else. */
export const findComfyRoute = remembered(find)
