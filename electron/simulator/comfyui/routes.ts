import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import path from 'node:path'
import { empty, html, json as plainJson, missing, text, type Reply } from '../http/reply'
import type { Card } from '../card'
import type { Call } from '../http/server'
import type { Log } from '../log'
import type { Behaviour } from '../behaviour'
import { describeModels, modelFolders, readModels } from './catalog'
import { isFolderType } from './files'
import { isObject, type Json } from './graph'
import { serverFeatures, type Hub } from './hub'
import { aiohttpError, type Login } from './login'
import { describeNode, recordedNames } from './nodes/recorded'
import type { Lists } from './nodes/node'
import { homePage } from './pages'
import { str } from './python'
import { systemStats } from './system'
import { uploadImage, uploadMask } from './upload'
import { listUserdata, listUserdataV2, userdata } from './userdata'
import { validatePrompt } from './validate'
import { view } from './view'
import type { PromptWorker } from './worker'

export interface RouteContext {
  folder: string
  behaviour: () => Behaviour
  worker: PromptWorker
  hub: Hub
  login: Login | null
  log: Log
  argv: readonly string[]
  modelsLoaded: () => boolean
  /** The card that it shares with others; null: it has one of its own. */
  card: Card | null
  limitBytes: number
}

type Handler = (call: Call, match: string[]) => Reply | Promise<Reply>
type Route = readonly [method: string, pattern: RegExp, handler: Handler]

const json = (value: unknown, status = 200) => plainJson(value, status, 'application/json; charset=utf-8')

/** The largest whole numbers of Python's that stand in descriptions of nodes: no number of JavaScript's is one of them. */
const wholes = { [String(2 ** 64)]: '18446744073709551615', [String(2 ** 63)]: '9223372036854775807' }

/** Descriptions of nodes, their largest numbers as the real program writes them. */
const described = (value: unknown): Reply => {
  const body = JSON.stringify(value).replace(
    /(?<=:-?)(?:18446744073709552000|9223372036854776000)/g,
    (n) => wholes[n] ?? n,
  )
  return { ...json(null), body }
}

/** Thrown where aiohttp would answer 500: a body that is no JSON, a number that is none. */
class Unhandled extends Error {}

async function readJson(call: Call): Promise<unknown> {
  try {
    return JSON.parse((await call.body()).toString('utf8'))
  } catch (error) {
    if (error instanceof SyntaxError) throw new Unhandled()
    throw error
  }
}

async function readObject(call: Call): Promise<Json> {
  const value = await readJson(call)
  if (!isObject(value)) throw new Unhandled()
  return value
}

const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])

async function lists({ folder, behaviour }: RouteContext): Promise<Lists> {
  const input = await readdir(path.join(folder, 'input'), { withFileTypes: true }).catch(() => [])
  return {
    models: await readModels(folder, behaviour().models),
    inputImages: input
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name)
      .sort(),
  }
}

async function postPrompt(call: Call, context: RouteContext): Promise<Reply> {
  context.log.info('got prompt')
  const body = await readJson(call)
  const fields = isObject(body) ? body : Array.isArray(body) ? {} : null
  if (!fields) throw new Unhandled()
  if (!('prompt' in fields)) {
    const error = { type: 'no_prompt', message: 'No prompt provided', details: 'No prompt provided', extra_info: {} }
    return json({ error, node_errors: {} }, 400)
  }
  const { prompt: given } = fields
  // An empty list is as empty as an empty object; any other one breaks the route.
  const prompt = Array.isArray(given) && given.length === 0 ? {} : given
  if (!isObject(prompt)) throw new Unhandled()
  const number = 'number' in fields ? Number(fields['number']) : null
  if (number !== null && Number.isNaN(number)) throw new Unhandled()
  const targets = Array.isArray(fields['partial_execution_targets'])
    ? fields['partial_execution_targets'].map(str)
    : null
  const validation = validatePrompt(prompt, targets, { lists: await lists(context), folder: context.folder })
  if (!validation.valid) {
    context.log.error(`invalid prompt: ${str({ ...validation.error })}`)
    return json({ error: validation.error, node_errors: validation.nodeErrors }, 400)
  }
  const extra: Json = isObject(fields['extra_data']) ? { ...fields['extra_data'] } : {}
  if ('client_id' in fields) extra['client_id'] = fields['client_id']
  const id = 'prompt_id' in fields ? str(fields['prompt_id']) : randomUUID()
  const { graph, outputs, nodeErrors } = validation
  const placed = context.worker.enqueue({ id, graph, extra, outputs, number, front: fields['front'] === true })
  return json({ prompt_id: id, number: placed, node_errors: nodeErrors })
}

async function interrupt(call: Call, { worker, behaviour }: RouteContext): Promise<Reply> {
  const body = (await call.body()).toString('utf8')
  let said: unknown = {}
  try {
    said = JSON.parse(body)
  } catch {
    // no body, or none that is JSON: the same as an empty object
  }
  if (!isObject(said)) throw new Unhandled()
  worker.interrupt('prompt_id' in said && !behaviour().interruptsAnything ? str(said['prompt_id']) : null)
  return empty()
}

function readHistory(call: Call, { worker }: RouteContext): Reply {
  const read = (name: string) => {
    const value = call.query.get(name)
    if (value !== null && !/^-?\d+$/.test(value)) throw new Unhandled()
    return value === null ? null : Number(value)
  }
  const count = read('max_items')
  const offset = read('offset') ?? -1
  const entries = [...worker.history]
  const start = offset >= 0 ? offset : count === null ? 0 : Math.max(0, entries.length - count)
  return json(Object.fromEntries(entries.slice(start, count === null ? undefined : start + count)))
}

async function internalFiles(kind: string, folder: string): Promise<Reply> {
  if (!isFolderType(kind)) return json({ error: 'Invalid directory type' }, 400)
  const base = path.join(folder, kind)
  const entries = await readdir(base, { withFileTypes: true })
  const files = await Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ name }) => ({ name, time: (await stat(path.join(base, name))).mtimeMs })),
  )
  return json(files.sort((a, b) => b.time - a.time).map(({ name }) => name))
}

/** Routes of the core; each answers with and without `/api` before it. */
function coreRoutes(context: RouteContext): Route[] {
  const { worker, folder, limitBytes, argv, card } = context
  return [
    ['GET', /^\/system_stats$/, () => json(systemStats({ argv, card, modelsLoaded: context.modelsLoaded() }))],
    ['GET', /^\/prompt$/, () => json({ exec_info: { queue_remaining: worker.remaining() } })],
    ['POST', /^\/prompt$/, (call) => postPrompt(call, context)],
    ['GET', /^\/queue$/, () => json({ queue_running: worker.running(), queue_pending: worker.pending() })],
    [
      'POST',
      /^\/queue$/,
      async (call) => {
        const body = await readObject(call)
        if (body['clear'] === true) worker.clear()
        worker.remove(listOf(body['delete']))
        return empty()
      },
    ],
    ['POST', /^\/interrupt$/, (call) => interrupt(call, context)],
    [
      'POST',
      /^\/free$/,
      async (call) => {
        const body = await readObject(call)
        worker.free({ unloadModels: body['unload_models'] === true, freeMemory: body['free_memory'] === true })
        return empty()
      },
    ],
    ['GET', /^\/history$/, (call) => readHistory(call, context)],
    [
      'GET',
      /^\/history\/([^/]+)$/,
      (_call, [id = '']) => {
        const entry = worker.history.get(id)
        return json(entry ? { [id]: entry } : {})
      },
    ],
    [
      'POST',
      /^\/history$/,
      async (call) => {
        const body = await readObject(call)
        if (body['clear'] === true) worker.history.clear()
        for (const id of listOf(body['delete'])) worker.history.delete(str(id))
        return empty()
      },
    ],
    ['GET', /^\/view$/, (call) => view(call, folder)],
    ['GET', /^\/view_metadata\/[^/]+$/, () => empty(404)],
    ['POST', /^\/upload\/image$/, (call) => uploadImage(call, folder)],
    ['POST', /^\/upload\/mask$/, (call) => uploadMask(call, folder)],
    ['GET', /^\/features$/, () => json(serverFeatures(limitBytes))],
    ['GET', /^\/ws$/, () => text(400, 'No WebSocket UPGRADE hdr: None\n Can "Upgrade" only to "WebSocket".')],
  ]
}

/** Routes that always answer the same. */
const fixedRoutes: readonly Route[] = [
  ['GET', /^\/models$/, () => json(modelFolders)],
  ['GET', /^\/extensions$/, () => json([])],
  ['GET', /^\/settings$/, () => json({})],
  ['GET', /^\/settings\/[^/]+$/, () => json(null)],
  ['GET', /^\/i18n$/, () => json({})],
  ['GET', /^\/workflow_templates$/, () => json({})],
  ['GET', /^\/$/, () => html(homePage)],
]

/** Routes that tell what is in the folders of models. */
function modelRoutes(context: RouteContext): Route[] {
  const { folder } = context
  return [
    [
      'GET',
      /^\/models\/([^/]+)$/,
      async (_call, [name = '']) => {
        const kind = modelFolders.find((known) => known === name)
        return kind ? json((await lists(context)).models[kind]) : empty(404)
      },
    ],
    [
      'GET',
      /^\/embeddings$/,
      async () => json((await lists(context)).models.embeddings.map((file) => file.replace(/\.[^.]+$/, ''))),
    ],
    [
      'GET',
      /^\/experiment\/models$/,
      () => json(modelFolders.map((name) => ({ name, folders: [path.join(folder, 'models', name)] }))),
    ],
    [
      'GET',
      /^\/experiment\/models\/([^/]+)$/,
      async (_call, [name = '']) => {
        const kind = modelFolders.find((known) => known === name)
        return kind ? json(await describeModels(folder, kind, (await lists(context)).models[kind])) : empty(404)
      },
    ],
  ]
}

/** Routes of the web interface's own, without `/api` before them. */
function internalRoutes({ folder, log, hub }: RouteContext): Route[] {
  return [
    [
      'GET',
      /^\/internal\/logs$/,
      () =>
        json(
          log
            .lines()
            .map(({ m }) => m)
            .join(''),
        ),
    ],
    ['GET', /^\/internal\/logs\/raw$/, () => json({ entries: log.lines(), size: { cols: 120, rows: 30 } })],
    [
      'PATCH',
      /^\/internal\/logs\/subscribe$/,
      async (call) => {
        const body = await readObject(call)
        hub.subscribeLogs(str(body['clientId']), body['enabled'] === true)
        return empty()
      },
    ],
    ['GET', /^\/internal\/files\/([^/]+)$/, (_call, [kind = '']) => internalFiles(kind, folder)],
    [
      'GET',
      /^\/internal\/folder_paths$/,
      () => json(Object.fromEntries(modelFolders.map((kind) => [kind, [path.join(folder, 'models', kind)]]))),
    ],
  ]
}

/** A class that somebody else's pack brings, as far as anybody asks. */
const customNode = (name: string) => ({
  ...{ input: { required: {} }, output: [], output_is_list: [], output_name: [], output_node: false },
  ...{ name, display_name: name, description: '', category: 'pack', python_module: 'custom_nodes.Some-Pack' },
})

/** Routes that describe nodes and the web interface's data. */
function catalogRoutes(context: RouteContext): Route[] {
  const { folder } = context
  return [
    [
      'GET',
      /^\/object_info$/,
      async () => {
        const known = await lists(context)
        const own = recordedNames.map((name) => [name, describeNode(name, known)] as const)
        const brought = context.behaviour().customNodes.map((name) => [name, customNode(name)] as const)
        return described(Object.fromEntries([...own, ...brought]))
      },
    ],
    [
      'GET',
      /^\/object_info\/([^/]+)$/,
      async (_call, [name = '']) => {
        return described(recordedNames.includes(name) ? { [name]: describeNode(name, await lists(context)) } : {})
      },
    ],
    ['GET', /^\/users$/, () => json({ storage: 'server', migrated: existsSync(path.join(folder, 'user')) })],
    ['GET', /^\/userdata$/, (call) => listUserdata(call, folder)],
    ['GET', /^\/v2\/userdata$/, () => listUserdataV2(folder)],
    ['*', /^\/userdata\/(.+)$/, (call, [rest = '']) => userdata(call, folder, rest)],
  ]
}

function loginRoutes(login: Login | null): Route[] {
  if (!login) return []
  return [
    ['GET', /^\/login$/, (call) => login.page(call)],
    ['POST', /^\/login$/, (call) => login.form(call)],
    ['GET', /^\/logout$/, () => login.logout()],
    ['GET', /^\/guest_mode$/, (call) => login.guestMode(call)],
    ['GET', /^\/old_css\/(.+)$/, (_call, [name = '']) => login.style(name)],
  ]
}

/** Answers a request that the guards let through. */
export function createRouter(context: RouteContext): (call: Call) => Promise<Reply> {
  const routes = [
    ...coreRoutes(context),
    ...catalogRoutes(context),
    ...modelRoutes(context),
    ...internalRoutes(context),
    ...fixedRoutes,
    ...loginRoutes(context.login),
  ]
  return async (call) => {
    // Static files and /internal exist only without the prefix.
    const path = /^\/api\/(?!internal\/)/.test(call.path) ? call.path.slice(4) : call.path
    const fitting = routes.flatMap(([method, pattern, handler]) => {
      const match = pattern.exec(path)
      return match ? [{ method, handler, match: match.slice(1) }] : []
    })
    const method = call.method === 'HEAD' ? 'GET' : call.method
    const route = fitting.find((candidate) => candidate.method === method || candidate.method === '*')
    // Behind every route lie the web interface's static files, which are read and nothing else.
    if (!route && method === 'GET') return missing()
    if (!route) {
      const allowed = [...new Set(['GET', 'HEAD', ...fitting.map(({ method }) => method)])]
      const refused = text(405, '405: Method Not Allowed')
      return { ...refused, headers: { ...refused.headers, allow: allowed.join(',') } }
    }
    try {
      return await route.handler(call, route.match)
    } catch (error) {
      if (error instanceof Unhandled) return aiohttpError
      throw error
    }
  }
}
