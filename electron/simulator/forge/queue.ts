import { randomUUID } from 'node:crypto'
import { json } from '../http/reply'
import { header, type Call } from '../http/server'
import { pause } from '../slices'
import type { Handler } from './handlers'
import type { callPage } from './page'
import { parseBody } from './pydantic'
import { detail, missing, unprocessable } from './replies'

type Message = Readonly<Record<string, unknown>> & { msg: string; event_id: string | null }

/** A call in line, or at work. */
interface Event {
  id: string
  session: string
  run: () => Promise<unknown[]>
  /** False: nobody listens any more, and nothing more is told of it. */
  alive: boolean
}

/** What a session has not been told yet, and its calls that have not ended. */
interface Session {
  messages: Message[]
  pending: Set<string>
  wake: () => void
}

/** How often a stream that has nothing to tell says that it lives, in ms. */
const heartbeatMs = 15_000

/** Each function of the page works for one call at a time (gradio/queueing.py: `default_concurrency_limit` is 1). */
class Line {
  readonly waiting: Event[] = []
  #isBusy = false

  constructor(readonly tell: (event: Event, message: Omit<Message, 'event_id'> & { msg: string }) => void) {}

  push(event: Event): void {
    this.waiting.push(event)
    this.tell(event, {
      msg: 'estimation',
      rank: this.waiting.length - 1,
      queue_size: this.waiting.length,
      rank_eta: null,
    })
    setImmediate(() => void this.#next())
  }

  /** Those whose stream has been left begin no more. */
  leave(session: string): void {
    const left = this.waiting.filter((event) => event.session !== session)
    this.waiting.splice(0, this.waiting.length, ...left)
  }

  async #next(): Promise<void> {
    const event = this.#isBusy ? undefined : this.waiting.shift()
    if (!event) return
    this.#isBusy = true
    this.tell(event, { msg: 'process_starts', eta: null })
    try {
      const data = await event.run()
      const output = { data, is_generating: false, duration: 0, average_duration: 0, render_config: null }
      this.tell(event, { msg: 'process_completed', output: { ...output, changed_state_ids: [] }, success: true })
    } catch {
      this.tell(event, { msg: 'process_completed', output: { error: null }, success: false })
    }
    this.#isBusy = false
    void this.#next()
  }
}

/** What pages have called, and what each session is to be told of it. */
class Sessions {
  readonly #sessions = new Map<string, Session>()
  readonly #lines = new Map<unknown, Line>()
  readonly #working = new Set<Event>()

  /** How many wait in all lines. */
  get waiting(): number {
    return [...this.#lines.values()].reduce((sum, line) => sum + line.waiting.length, 0)
  }

  call(index: unknown, event: Event): void {
    const name = event.session
    const session = this.#sessions.get(name) ?? { messages: [], pending: new Set<string>(), wake: () => undefined }
    this.#sessions.set(name, session)
    session.pending.add(event.id)
    this.#working.add(event)
    const line = this.#lines.get(index) ?? new Line((of, message) => this.#tell(of, message))
    this.#lines.set(index, line)
    line.push(event)
  }

  #tell(event: Event, { msg, ...more }: { msg: string }): void {
    const session = this.#sessions.get(event.session)
    if (msg === 'process_completed') this.#working.delete(event)
    if (!event.alive || !session) return
    session.messages.push({ msg, event_id: event.id, ...more })
    session.wake()
  }

  /** Nobody listens to a session: its calls in line are taken out, and those at work are told of no more. */
  #leave(name: string): void {
    for (const event of this.#working) if (event.session === name) event.alive = false
    for (const line of this.#lines.values()) line.leave(name)
  }

  /** The page no longer waits for a call; what it calls works on. */
  cancel(name: string, id: string): void {
    const session = this.#sessions.get(name)
    if (!session?.pending.has(id)) return
    session.messages.push({ msg: 'process_completed', event_id: id, output: {}, success: true })
    for (const event of this.#working) if (event.id === id) event.alive = false
    session.wake()
  }

  /** Tells a session what becomes of its calls, until all have ended; answers whether the end is said. */
  async follow(name: string, write: (text: string) => void, closed: AbortSignal): Promise<boolean> {
    const send = (message: Message) => write(`data: ${JSON.stringify(message)}\n\n`)
    const session = this.#sessions.get(name)
    if (!session) {
      send({ msg: 'unexpected_error', event_id: null, message: '404: Session not found.', success: false })
      return false
    }
    for (;;) {
      const message = await nextOf(session, closed)
      if (closed.aborted) {
        this.#leave(name)
        return true
      }
      send(message)
      if (message.msg !== 'process_completed' || message.event_id === null) continue
      session.pending.delete(message.event_id)
      if (session.pending.size > 0) continue
      send({ msg: 'close_stream', event_id: null })
      return true
    }
  }
}

/** The next message of a session; a sign of life where none came for long. */
async function nextOf(session: Session, closed: AbortSignal): Promise<Message> {
  const message = session.messages.shift()
  if (message) return message
  const waiting = new AbortController()
  session.wake = () => waiting.abort()
  await pause(heartbeatMs, AbortSignal.any([closed, waiting.signal]))
  return session.messages.shift() ?? { msg: 'heartbeat', event_id: null }
}

const bodyOf = async (asked: Call) => parseBody((await asked.body()).toString('utf8'), header(asked, 'content-type'))

/** The line of gradio's calls, and the streams in which pages hear of them (gradio/queueing.py and routes.py 4.40). */
export function createQueue(call: ReturnType<typeof callPage>) {
  const sessions = new Sessions()

  const join: Handler = async (asked) => {
    const body = await bodyOf(asked)
    if ('issues' in body) return unprocessable(body.issues)
    const { data, fn_index: index, session_hash: session } = body.value
    if (typeof session !== 'string') return detail(400, 'Session hash not found.')
    const run = Array.isArray(data) ? call(index, data) : null
    if (run === null) return detail(404, 'Not simulated')
    const id = randomUUID().replaceAll('-', '')
    sessions.call(index, { id, session, run, alive: true })
    return json({ event_id: id })
  }

  const data: Handler = ({ query }) => {
    const name = query.get('session_hash')
    if (name === null) return unprocessable([missing('query', 'session_hash')])
    return {
      status: 200,
      headers: { 'content-type': 'text/event-stream; charset=utf-8' },
      body: '',
      stream: (write, closed) => sessions.follow(name, write, closed),
    }
  }

  const cancel: Handler = async (asked) => {
    const body = await bodyOf(asked)
    if ('issues' in body) return unprocessable(body.issues)
    const left = ['session_hash', 'fn_index', 'event_id'].filter((field) => !(field in body.value))
    if (left.length > 0) return unprocessable(left.map((field) => ({ ...missing('body', field), input: body.value })))
    const { session_hash: name, event_id: id } = body.value
    if (typeof name === 'string' && typeof id === 'string') sessions.cancel(name, id)
    return json({ success: true })
  }

  return { join, data, cancel, waiting: () => sessions.waiting }
}
