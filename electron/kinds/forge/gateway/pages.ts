import * as z from 'zod'
import { Problem } from '../../../../shared/problems'
import type { GatewayQuestion, GatewayWorld, Handling, OwnAnswer, Visitor } from '../../gateway'
import { bodyText } from '../../gateway/json-body'
import { parseJson } from '../../json'
import type { Files } from './files'
import { AppId, readFunctions, type PageFunction, type PageFunctions } from './functions'
import { checkPlaces } from './places'
import type { Tasks } from './tasks'

/** Pictures to start from come in the body, in base64. */
const maxBytes = 96 * 2 ** 20
/** So many sessions of pages are remembered; a page that is still open then is loaded again. */
const mostSessions = 10_000

/** What a page sends to call a function (gradio/data_classes.py, `PredictBody`); nothing else of it is sent on. */
const Call = z.object({
  data: z.array(z.unknown()),
  fn_index: z.int(),
  session_hash: z.string().min(1).max(100).nullish(),
  event_data: z.unknown().optional(),
  trigger_id: z.int().nullish(),
})
type Call = z.infer<typeof Call>

const Session = z.object({ session_hash: z.string().min(1).max(100), fn_index: z.int(), event_id: z.string().max(100) })

const isTask = (value: unknown): value is string => typeof value === 'string' && /^task\([^"\\()]{1,100}\)$/.test(value)

/** A text or a gallery, as Python sees whether something is in it. */
const isSomething = (value: unknown) => (typeof value === 'string' || Array.isArray(value)) && value.length > 0

/** Fields in which a folder or a path of the service's machine is written. */
const ofPlace = /(?:^|[^a-z])(?:dir|directory|directories|folder|path)s?(?:[^a-z]|$)/i

/** What gradio answers where a function changes nothing. */
const nothingChanged: OwnAnswer = {
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: '{"data":[],"is_generating":false,"duration":0,"average_duration":0,"render_config":null,"changed_state_ids":[]}',
}

const notThere: OwnAnswer = {
  status: 404,
  headers: { 'content-type': 'application/json' },
  body: '{"detail":"Session not found."}',
}

function readBody<T>(body: Buffer, { headers }: GatewayQuestion, schema: z.ZodType<T>): T {
  const read = schema.safeParse(parseJson(bodyText(body, headers)))
  if (!read.success) throw new Problem('gateway.unreadable', { why: 'it is no call as the page makes it' })
  return read.data
}

const refusedCall = (id: string) => new Problem('gateway.page-function', { id })

/** What the functions of the service's page are: returns how they are asked for. */
function createKnownFunctions({ serviceId: id, ask }: GatewayWorld) {
  let known: { appId: number; functions: PageFunctions } | null = null

  /** Asked before each call: after a restart the same number is another function. */
  return async (): Promise<PageFunctions> => {
    const now = await ask({ method: 'GET', target: '/app_id', kind: 'act' })
    const appId = AppId.safeParse(now.status === 200 ? parseJson(now.body.toString('utf8')) : undefined)
    if (!appId.success) throw new Problem('gateway.page-unknown', { id })
    if (known?.appId !== appId.data.app_id) {
      known = null
      const { status, body } = await ask({ method: 'GET', target: '/config', kind: 'models', isOfPage: true })
      const read = status === 200 ? readFunctions(body.toString('utf8')) : null
      if (read?.appId !== appId.data.app_id) throw new Problem('gateway.page-unknown', { id })
      known = read
    }
    return known.functions
  }
}

/** Whose the sessions of pages are. */
function createSessions(id: string) {
  const sessions = new Map<string, string>()
  return {
    /** The session of a page is whose it was first: its name is made up there. */
    enter(session: string, { account }: Visitor): void {
      const owner = sessions.get(session)
      if (owner !== undefined && owner !== account) throw refusedCall(id)
      sessions.delete(session)
      sessions.set(session, account)
      const [oldest] = sessions.keys()
      if (sessions.size > mostSessions && oldest !== undefined) sessions.delete(oldest)
    },
    isOf: (session: string, { account }: Visitor): boolean => sessions.get(session) === account,
  }
}

/** Throws where a value names a place of the service's machine, or a file that is not the person's. */
function owned(files: Files, { data, event_data: event }: Call, { takes }: PageFunction, visitor: Visitor): unknown[] {
  files.withOwn(event ?? null, visitor)
  return data.slice(0, takes.length).map((value, at) => {
    const { sent, rest } = files.withOwn(value, visitor)
    const names = takes[at] ?? []
    if (typeof rest === 'string' && rest.trim() !== '' && names.some((name) => ofPlace.test(name)))
      throw new Problem('gateway.not-your-file', { name: rest.slice(0, 200) })
    checkPlaces({ [names[0] ?? '']: rest })
    return sent
  })
}

/** Throws where what a function does is not the person's to do; a job is noted as the person's. */
async function checkAct(
  { id, tasks }: { id: string; tasks: Tasks },
  { act, takes }: PageFunction,
  [first]: readonly unknown[],
  visitor: Visitor,
): Promise<void> {
  switch (act) {
    case 'job':
      if (!isTask(first)) throw new Problem('gateway.unreadable', { why: 'its task has no name' })
      if (!tasks.note(first, visitor)) throw new Problem('gateway.job-id-taken')
      tasks.follow(first, visitor)
      return
    case 'restore':
      if (typeof first !== 'string' || !tasks.owns(visitor, first)) throw refusedCall(id)
      return
    case 'stop': {
      const isOwn = await tasks.isOwnRunning(visitor)
      if (isOwn !== true) throw new Problem(isOwn === null ? 'gateway.running-unknown' : 'gateway.none-running')
      return
    }
    case 'paste':
      if (takes.length === 1 && !isSomething(first)) throw new Problem('gateway.page-paste-empty')
      return
    case 'read':
    case 'settings':
  }
}

/** What the functions of Forge's pages do for people, judged by what the service says of its own page. */
export function createPages(world: GatewayWorld, tasks: Tasks, files: Files) {
  const { serviceId: id } = world
  const functionsNow = createKnownFunctions(world)
  const sessions = createSessions(id)

  /** `queue/join`, `run/…` and `api/…` of a person: a function on the list, with what is his own. */
  const call = (question: GatewayQuestion, visitor: Visitor): Handling => ({
    body: {
      maxBytes,
      async read(body) {
        const called = readBody(body, question, Call)
        const found = (await functionsNow()).get(called.fn_index)
        if (found === undefined) throw refusedCall(id)
        // The page loads without them: extensions keep their keys among the settings.
        if (found.act === 'settings') {
          if (question.path.startsWith('/queue/')) throw refusedCall(id)
          return nothingChanged
        }
        const data = owned(files, called, found, visitor)
        if (typeof called.session_hash === 'string') sessions.enter(called.session_hash, visitor)
        await checkAct({ id, tasks }, found, called.data, visitor)
        return Buffer.from(JSON.stringify({ ...called, data }))
      },
    },
  })

  return {
    call,
    /** `queue/data`: the events of a session that is the person's. */
    stream(question: GatewayQuestion, visitor: Visitor): Handling | OwnAnswer {
      const [session, ...more] = question.query.getAll('session_hash')
      const isOwn = session !== undefined && more.length === 0 && sessions.isOf(session, visitor)
      return isOwn ? files.stream(visitor) : notThere
    },
    /** `cancel`: of a session that is the person's. */
    cancel: (question: GatewayQuestion, visitor: Visitor): Handling => ({
      body: {
        maxBytes: 64 * 1024,
        read(body) {
          const asked = readBody(body, question, Session)
          if (!sessions.isOf(asked.session_hash, visitor)) throw refusedCall(id)
          return Buffer.from(JSON.stringify(asked))
        },
      },
    }),
  }
}
