import { randomUUID } from 'node:crypto'
import { createWake } from '../../../async/wake'
import type { Handling, OwnAnswer, RefusalWords, Visitor } from '../../gateway'
import { closing, EventReader, refusal, type PageEvent } from './events'

/** So many sessions of pages are remembered of each person; a page that is still open then is loaded again. */
const mostSessions = 200
/** So many calls of a session that the service has taken are listened for; of earlier ones it is asked, one by one. */
const mostCalls = 500
/** So many refusals wait for their page's stream. */
const mostUntold = 50
/** A stream waits so long for calls that are on their way, in ms: whether it is the service's depends on them. */
const joiningMs = 5_000

const json = { 'content-type': 'application/json' }

/** What is told of a call that the service has taken. */
export interface CallEars {
  began: () => void
  /** Its stream tells of it otherwise: it waits there, or works. */
  goesOn: () => void
  ended: (event: Pick<PageEvent, 'isGood' | 'images'>) => void
  /** Somebody listens to its stream, or nobody does any more. */
  heard: (isHeard: boolean) => void
}

/** A stream of a session that is open here. */
interface Stream {
  /** Puts what is untold into it, where it can be. */
  tell: () => void
}

/** One session of a page: its calls, and the streams in which it hears of them. */
class PageSession {
  readonly account: string
  /** Calls that the service has taken and not ended. */
  readonly #calls = new Map<string, CallEars | null>()
  readonly #streams = new Set<Stream>()
  readonly #joined = createWake()
  #joining = 0
  #untold: string[] = []

  constructor(account: string) {
    this.account = account
  }

  /** A call is on its way to the service: what says that it was taken, and that its answer is there or never comes. */
  join(): { taken(id: string, ears: CallEars | null): void; over(): void } {
    this.#joining += 1
    let isOver = false
    return {
      taken: (id, ears) => {
        this.#calls.set(id, ears)
        ears?.heard(this.#streams.size > 0)
        const [oldest] = this.#calls.keys()
        if (this.#calls.size <= mostCalls || oldest === undefined) return
        this.#calls.get(oldest)?.heard(false)
        this.#calls.delete(oldest)
      },
      over: () => {
        if (isOver) return
        isOver = true
        this.#joining -= 1
        this.#joined.wake()
      },
    }
  }

  /** The answer to a call that is refused: its words come in the stream, which the page opens unless it is open. */
  refuse({ message, hint }: RefusalWords): OwnAnswer {
    const id = `regie-${randomUUID()}`
    this.#untold.push(refusal(id, `${message} ${hint}`))
    if (this.#untold.length > mostUntold) this.#untold.shift()
    for (const stream of this.#streams) stream.tell()
    return { status: 200, headers: json, body: JSON.stringify({ event_id: id }) }
  }

  /** Its stream: the service's while that has something to tell, with what is untold; else what is untold alone. */
  async stream(see: (chunk: Buffer) => void): Promise<Handling | OwnAnswer> {
    const until = performance.now() + joiningMs
    while (this.#joining > 0 && performance.now() < until) await this.#joined.next(undefined, joiningMs)
    if (this.#untold.length === 0 || this.#calls.size > 0 || this.#joining > 0) return this.#serviceStream(see)
    const body = [...this.#untold, closing].join('')
    this.#untold = []
    return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8' }, body }
  }

  #serviceStream(see: (chunk: Buffer) => void): Handling {
    let leave = () => {}
    return {
      ended: () => leave(),
      seen: (add) => {
        const reader = new EventReader()
        const stream = { tell: () => reader.isBetween && this.#tell(add) }
        leave = () => this.#left(stream)
        this.#streams.add(stream)
        for (const ears of this.#calls.values()) ears?.heard(true)
        // What sees the pieces sees them before they are handed on.
        queueMicrotask(stream.tell)
        return (chunk) => {
          see(chunk)
          for (const event of reader.read(chunk)) this.#hear(event, stream)
          if (this.#untold.length > 0 && this.#streams.has(stream)) queueMicrotask(stream.tell)
        }
      },
    }
  }

  #tell(add: (text: string) => void): void {
    const texts = this.#untold
    this.#untold = []
    for (const text of texts) add(text)
  }

  #hear(event: PageEvent, stream: Stream): void {
    const ears = event.id === null ? undefined : this.#calls.get(event.id)
    if (event.msg === 'process_starts') ears?.began()
    else if (event.msg === 'close_stream') this.#left(stream)
    else if (event.msg === 'process_completed' && event.id !== null) {
      this.#calls.delete(event.id)
      ears?.ended(event)
    } else ears?.goesOn()
  }

  #left(stream: Stream): void {
    if (!this.#streams.delete(stream) || this.#streams.size > 0) return
    for (const ears of this.#calls.values()) ears?.heard(false)
    // Gradio takes out of its line what nobody listens to: those that go on all the same are asked for one by one.
    this.#calls.clear()
  }
}

export type { PageSession }

/**
 * The sessions of pages: each is whose it was first, for its name is made up in the page. Who makes up many loses their own
 * alone.
 */
export function createSessions() {
  const sessions = new Map<string, PageSession>()
  /** The names of each person's, the one that was called last at the end. */
  const namesOf = new Map<string, Set<string>>()
  const find = (name: string, { account }: Visitor): PageSession | null => {
    const found = sessions.get(name)
    return found?.account === account ? found : null
  }
  return {
    /** Null where it is somebody else's, or not known. */
    find,
    /** The session of that name, which is this person's from now on; null where it is somebody else's. */
    enter(name: string, { account }: Visitor): PageSession | null {
      const known = sessions.get(name)
      if (known && known.account !== account) return null
      const session = known ?? new PageSession(account)
      sessions.set(name, session)
      const own = namesOf.get(account) ?? new Set<string>()
      namesOf.set(account, own)
      own.delete(name)
      own.add(name)
      const [oldest] = own
      if (own.size > mostSessions && oldest !== undefined) {
        own.delete(oldest)
        sessions.delete(oldest)
      }
      return session
    },
  }
}
