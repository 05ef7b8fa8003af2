import * as z from 'zod'
import { Problem } from '../../../../shared/problems'
import type {
  GatewayQuestion,
  GatewayWorld,
  Handling,
  OwnAnswer,
  RefusalWords,
  Visitor,
  WholeQuestion,
} from '../../gateway'
import { parseJson } from '../../json'
import {
  isTask,
  judgeCall,
  readAnyCall,
  readCall,
  readCancel,
  refusedCall,
  type AnyCall,
  type Call,
  type Judged,
} from './calls'
import type { Files } from './files'
import type { PageFunction, PageFunctions } from './functions'
import { createKnownFunctions } from './known-functions'
import { createSessions, type PageSession } from './sessions'
import type { Tasks } from './tasks'
import { PageWork } from './work'

/** Pictures to start from come in the body, in base64. */
const maxBytes = 96 * 2 ** 20

/** For so long, in ms, a page is taken to be what it was: no service starts anew in that time. */
const freshMs = 250

const Joined = z.object({ event_id: z.string().min(1).max(100) })

const json = { 'content-type': 'application/json' }

/** What gradio answers where a function changes nothing. */
const nothingChanged: OwnAnswer = {
  status: 200,
  headers: json,
  body: '{"data":[],"is_generating":false,"duration":0,"average_duration":0,"render_config":null,"changed_state_ids":[]}',
}

const notThere: OwnAnswer = { status: 404, headers: json, body: '{"detail":"Session not found."}' }

/** Calls that pages have put into gradio's line, with the session in which each hears what becomes of it. */
const inLine = new WeakMap<GatewayQuestion, PageSession>()

/** How a page's call is refused so that the page shows the words; null where it is none that is told of in a stream. */
export const refusedInStream = (question: GatewayQuestion, words: RefusalWords): OwnAnswer | null =>
  inLine.get(question)?.refuse(words) ?? null

type Act = PageFunction['act']

/** One call on its way, and what is known of it. */
interface Coming {
  visitor: Visitor
  /** As it came. */
  body: Buffer
  called: AnyCall
  /** As a page makes it, which is read once; null: an administrator's, who may call in ways of his own. */
  made: Call | null
  /** Null: it is told of in no stream. */
  session: PageSession | null
}

/** A job of a page: from when it is asked for until Forge has ended it. */
function createPageJob(tasks: Tasks, hasEnded: () => boolean, { visitor, called, session }: Coming, task: string) {
  const work = new PageWork(task, { standing: (id) => tasks.standing(id), hasEnded })
  const endWait = tasks.wait(task, visitor)
  let isSent = false
  return {
    /** It is about to be sent on, and noted for good: what is refused before leaves nothing behind. Throws where its name is taken. */
    send(): void {
      if (!tasks.note(task, visitor)) throw new Problem('gateway.job-id-taken')
      isSent = true
      endWait()
      const end = tasks.begin(visitor, task)
      void work.ended.then(end)
    },
    /** The service has put it into its line. */
    taken: (join: ReturnType<PageSession['join']>, id: string) =>
      join.taken(id, {
        began: () => work.began(),
        goesOn: () => work.goesOn(),
        ended: (event) => work.told(event),
        heard: (isHeard) => work.heard(isHeard),
      }),
    /** The exchange has ended: what was sent may have been taken whatever was answered. */
    over(): void {
      endWait()
      if (!isSent) return
      // What answers when it has ended began when it was sent.
      if (session === null && called.session_hash === null) work.began()
      work.watch()
    },
    outlives: () => (isSent ? work.ended : null),
  }
}

/** What calls are judged and sent by. */
interface Parts {
  id: string
  hasEnded: () => boolean
  tasks: Tasks
  files: Files
  functionsNow: () => Promise<PageFunctions>
  sessions: ReturnType<typeof createSessions>
}

/** Null where the service does not tell now: it may sleep, and be there when the call is sent on. */
async function functionsIfThere({ hasEnded, functionsNow }: Parts): Promise<PageFunctions | null> {
  if (hasEnded()) return null
  try {
    return await functionsNow()
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

/** Throws a Problem where the person may not call it; an administrator's goes as it came. */
async function judged(parts: Parts, coming: Coming, functions: PageFunctions): Promise<Judged> {
  const { visitor, body, called, made } = coming
  if (made) return judgeCall(parts, made, functions, visitor)
  const known = called.fn_index === null ? undefined : functions.get(called.fn_index)
  return { act: known?.act ?? 'job', sent: () => body }
}

/** The task that a call starts; null where it starts none. Throws where its name is taken. */
function taskOf(tasks: Tasks, { called: { data } }: Coming, act: Act | null): string | null {
  const [first] = data
  // Where the page is not known yet, whatever names a task is taken for a job until it is.
  if (!isTask(first) || (act !== null && act !== 'job')) return null
  // A page makes up another for each: one that has ended before would be taken for this one's end.
  if (tasks.isKnown(first)) throw new Problem('gateway.job-id-taken')
  return first
}

/** How a call goes. `early`: as it was judged by what the page was then. */
function handlingOf(parts: Parts, coming: Coming, early: Judged | null, task: string | null): Handling {
  const { session, visitor } = coming
  const job = task === null ? null : createPageJob(parts.tasks, parts.hasEnded, coming, task)
  const judgedAt = performance.now()
  let join: ReturnType<PageSession['join']> | null = null
  return {
    body: {
      maxBytes,
      async read() {
        // It may have waited, and the page may be another since.
        const isFresh = performance.now() - judgedAt < freshMs
        const now = early && isFresh ? early : await judged(parts, coming, await parts.functionsNow())
        if (now.act === 'settings' && visitor.role !== 'admin') throw refusedCall(parts.id)
        if (now.act === 'job' && job === null && isTask(coming.called.data[0]))
          throw new Problem('gateway.page-unknown', { id: parts.id })
        join = session?.join() ?? null
        job?.send()
        return now.sent()
      },
    },
    ...(session && {
      answer: {
        maxBytes: 64 * 1024,
        read(answer: Buffer) {
          const event = Joined.safeParse(parseJson(answer.toString('utf8')))
          if (event.success && join) {
            if (job) job.taken(join, event.data.event_id)
            else join.taken(event.data.event_id, null)
          }
          return answer
        },
      },
    }),
    ...(job && { isJob: true as const, jobId: () => task, outlives: job.outlives }),
    ended() {
      join?.over()
      job?.over()
    },
  }
}

/** A function on the list, with what is the person's own; known before the service is asked, for it may be a job. */
async function call(parts: Parts, question: WholeQuestion, visitor: Visitor): Promise<Handling | OwnAnswer> {
  const body = await question.holdBody(maxBytes, visitor.account)
  const isAdmin = visitor.role === 'admin'
  const made = isAdmin ? null : readCall(body, question)
  const called: AnyCall = made ? { ...made, session_hash: made.session_hash ?? null } : readAnyCall(body)
  const isInLine = question.path.startsWith('/queue/')
  const name = called.session_hash
  const entered = name === null ? null : parts.sessions.enter(name, visitor)
  if (name !== null && entered === null && !isAdmin) throw refusedCall(parts.id)
  const session = isInLine ? entered : null
  if (session) inLine.set(question, session)
  const coming: Coming = { visitor, body, called, made, session }

  const functions = await functionsIfThere(parts)
  const early = functions === null ? null : await judged(parts, coming, functions)
  // The page loads without them: extensions keep their keys among the settings.
  if (early?.act === 'settings' && !isAdmin) {
    if (isInLine) throw refusedCall(parts.id)
    return nothingChanged
  }
  return handlingOf(parts, coming, early, taskOf(parts.tasks, coming, early?.act ?? null))
}

/** What the functions of Forge's pages do for people, judged by what the service says of its own page. */
export function createPages(world: GatewayWorld, tasks: Tasks, files: Files) {
  const { serviceId: id, hasEnded } = world
  const sessions = createSessions()
  const parts: Parts = { id, hasEnded, tasks, files, sessions, functionsNow: createKnownFunctions(world) }

  return {
    /** `queue/join`, `run/…` and `api/…`. */
    call: (question: WholeQuestion, visitor: Visitor) => call(parts, question, visitor),
    /** `queue/data`: the events of a session that is the person's. */
    async stream(question: GatewayQuestion, visitor: Visitor): Promise<Handling | OwnAnswer> {
      const [name, ...more] = question.query.getAll('session_hash')
      const session = name !== undefined && more.length === 0 ? sessions.find(name, visitor) : null
      if (session) return session.stream(visitor.role === 'admin' ? () => {} : files.see(visitor))
      return visitor.role === 'admin' ? {} : notThere
    },
    /** `cancel`: of a session that is the person's. */
    cancel: (question: GatewayQuestion, visitor: Visitor): Handling => ({
      body: {
        maxBytes: 64 * 1024,
        read(body) {
          const asked = readCancel(body, question)
          if (!sessions.find(asked.session_hash, visitor)) throw refusedCall(id)
          return Buffer.from(JSON.stringify(asked))
        },
      },
    }),
  }
}
