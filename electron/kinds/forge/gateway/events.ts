import * as z from 'zod'
import { parseJson } from '../../json'

/** So much of one event is read; what is longer is known by its begin alone. */
const mostRead = 2 ** 20

/**
 * What the stream of a page's session tells (gradio/server_messages.py 4.40): the keys that are read here. An event's id
 * is null where all of a session are meant.
 */
const Message = z.object({ msg: z.string(), event_id: z.string().nullish(), success: z.boolean().optional() })
const Completed = z.object({ output: z.object({ data: z.array(z.unknown()) }) })
/** What makes pictures tells of them (modules/processing.py, `Processed.js`). */
const Made = z.object({ all_seeds: z.array(z.unknown()), index_of_first_image: z.int().nonnegative().catch(0) })
const Update = z.object({ value: z.array(z.unknown()) })

/** What is read of an event. */
export interface PageEvent {
  msg: string
  id: string | null
  /** Of one that tells that a call has ended. */
  isGood: boolean
  images: number | null
}

/** An event as far as its begin tells it: gradio writes these two first. */
const head = /^data: \{"msg":"([a-z_]{1,40})","event_id":(?:null|"([^"\\]{1,100})")/

/** Pictures among what a function gives: a gallery first, with what tells of it behind. Null where it is otherwise. */
function imagesIn([gallery, info]: readonly unknown[]): number | null {
  const shown = Array.isArray(gallery) ? gallery : Update.safeParse(gallery).data?.value
  const made = Made.safeParse(typeof info === 'string' ? parseJson(info) : undefined)
  if (shown === undefined || !made.success) return null
  // A grid of all stands before them, and what extensions show behind.
  return Math.max(0, Math.min(made.data.all_seeds.length, shown.length - made.data.index_of_first_image))
}

/** Forge tells of most failures in what it shows (modules/call_queue.py). */
const isFailure = (data: readonly unknown[]) => data.some((one) => typeof one === 'string' && /class='error'/.test(one))

function readEvent(text: string): PageEvent | null {
  if (!text.startsWith('data: ')) return null
  const begin = head.exec(text)
  const json = text.length < mostRead ? parseJson(text.slice('data: '.length)) : undefined
  const read = Message.safeParse(json)
  const [, msg, id = null] = begin ?? []
  if (!read.success) return msg === undefined ? null : { msg, id, isGood: true, images: null }
  const data = Completed.safeParse(json).data?.output.data ?? []
  return {
    ...{ msg: read.data.msg, id: read.data.event_id ?? null },
    isGood: read.data.success !== false && !isFailure(data),
    images: imagesIn(data),
  }
}

/**
 * Reads the events of a stream as its pieces come, whatever their borders. Each piece is looked at once: a service that sends
 * a long event byte by byte must not have all of it looked at for each.
 */
export class EventReader {
  /** The event under way; of a long one its begin. */
  #text = ''
  #isBetween = true
  /** What is under way ends with a line: another end of line ends it. */
  #isLineEnd = false

  /** Whether nothing of an event is under way: something else may stand here. */
  get isBetween(): boolean {
    return this.#isBetween
  }

  read(chunk: Buffer): PageEvent[] {
    const events: PageEvent[] = []
    // Its ids and names are ASCII; of what is cut here within a letter nothing is lost.
    let text = chunk.toString('latin1')
    if (this.#isLineEnd && text.startsWith('\n')) {
      this.#end(events)
      text = text.slice(1)
    }
    const parts = text.split('\n\n')
    const rest = parts.pop() ?? ''
    for (const part of parts) {
      this.#keep(part)
      this.#end(events)
    }
    this.#keep(rest)
    return events
  }

  #keep(part: string): void {
    if (part === '') return
    this.#isBetween = false
    this.#isLineEnd = part.endsWith('\n')
    const room = mostRead - this.#text.length
    if (room > 0) this.#text += part.length > room ? part.slice(0, room) : part
  }

  #end(events: PageEvent[]): void {
    const event = readEvent(this.#text)
    if (event) events.push(event)
    this.#text = ''
    this.#isBetween = true
    this.#isLineEnd = false
  }
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' }

/**
 * An event that ends a call with words. Gradio's page shows them as they are in a notice (`handle_message` and
 * ToastContent.svelte 4.40, which take them for HTML), where it shows its own for whatever a call is refused with.
 */
export const refusal = (id: string, words: string): string => {
  const error = words.replaceAll(/[&<>]/g, (letter) => escapes[letter] ?? letter)
  return `data: ${JSON.stringify({
    ...{ msg: 'process_completed', event_id: id },
    ...{ output: { error, duration: 20, visible: true }, success: false },
  })}\n\n`
}

/** The last event of a stream: the page opens another for its next call. */
export const closing = 'data: {"msg":"close_stream","event_id":null}\n\n'
