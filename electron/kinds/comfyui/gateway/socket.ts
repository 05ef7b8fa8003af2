import { randomUUID } from 'node:crypto'
import type { GatewayQuestion, GatewayWorld, Handling, SocketFilter, Visitor } from '../../gateway'
import { memberOf, membersOf } from '../../gateway/spans'
import { parseJson } from '../../json'
import type { Belongings } from './belongings'
import { bareClientId, clientIdOf } from './client-id'

const typeOf = /^\{\s*"type":\s*"([^"\\]*)"/
/** Inside a text, its quotes would be escaped: this finds members only. */
const promptIds = /"prompt_id":\s*"([^"\\]*)"/g
const sid = /("sid":\s*)("(?:[^"\\]|\\.)*")/

/** Binary frames (protocol.py): pictures without and with a name, and texts of nodes. */
const frameTypes = { preview: 1, rawPreview: 2, text: 3, namedPreview: 4 } as const

const ends = new Set(['execution_success', 'execution_error', 'execution_interrupted'])

/** The prompt that a message tells of; null where it names none, or more than one. */
function promptOf(text: string): string | null {
  let found: string | null = null
  for (const [, id = ''] of text.matchAll(promptIds)) {
    if (found !== null && found !== id) {
      const said = parseJson(
        memberOf(membersOf(memberOf(membersOf(text) ?? [], 'data') ?? '') ?? [], 'prompt_id') ?? '',
      )
      return typeof said === 'string' ? said : null
    }
    found = id
  }
  return found
}

/** The prompt that a picture is of, in the words before it: `[4][length][JSON][picture]`. */
function promptOfPreview(frame: Buffer): string | null {
  if (frame.length < 8) return null
  const length = frame.readUInt32BE(4)
  return length > frame.length - 8 ? null : promptOf(frame.toString('utf8', 8, 8 + length))
}

/** The first message tells the client its id: the one that it knows. True for every later one. */
function withBareId(text: string, visitor: Visitor): Buffer | true {
  if (!sid.test(text)) return true
  return Buffer.from(
    text.replace(sid, (_, before: string, id: string) => {
      const told = parseJson(id)
      return before + (typeof told === 'string' ? JSON.stringify(bareClientId(visitor, told)) : id)
    }),
  )
}

/** Notes the files that a node of a prompt has written, by its `executed` message. */
function noteFiles(id: string, text: string, belongings: Belongings): void {
  const data = membersOf(memberOf(membersOf(text) ?? [], 'data') ?? '') ?? []
  belongings.noteOutputs(id, { node: parseJson(memberOf(data, 'output') ?? 'null') })
}

const isEnd = (type: string, text: string) => ends.has(type) || (type === 'executing' && /"node":\s*null/.test(text))

interface Inside {
  world: GatewayWorld
  belongings: Belongings
}

/** An administrator is shown all; whose files pass is noted all the same. */
const openFilter = (visitor: Visitor, { belongings }: Inside): SocketFilter => ({
  fromService(data, isBinary) {
    const type = isBinary ? undefined : typeOf.exec(data.toString('latin1', 0, 80))?.[1]
    if (type !== 'status' && type !== 'executed') return true
    const text = data.toString('utf8')
    if (type === 'status') return withBareId(text, visitor)
    const id = promptOf(text)
    if (id !== null) noteFiles(id, text, belongings)
    return true
  },
})

/**
 * Lets through what tells of the person's own prompts. The service's messages come in order, and a picture without a name
 * follows a message of its prompt: so what was told last tells whose it is, until something may have changed.
 */
class OwnFilter implements SocketFilter {
  readonly #visitor: Visitor
  readonly #inside: Inside
  #isOwnRunning = false
  #isFirst = true

  constructor(visitor: Visitor, inside: Inside) {
    this.#visitor = visitor
    this.#inside = inside
  }

  fromService(data: Buffer, isBinary: boolean): boolean | Buffer {
    return isBinary ? this.#frame(data) : this.#text(data)
  }

  #text(data: Buffer): boolean | Buffer {
    const type = typeOf.exec(data.toString('latin1', 0, 80))?.[1]
    switch (type) {
      case undefined:
      case 'logs':
        return false
      case 'status':
        this.#isOwnRunning = false
        return withBareId(data.toString('utf8'), this.#visitor)
      case 'feature_flags':
        return true
      default: {
        const passes = this.#ofPrompt(type, data.toString('utf8'))
        this.#isFirst = false
        return passes
      }
    }
  }

  #ofPrompt(type: string, text: string): boolean {
    const { world, belongings } = this.#inside
    const id = promptOf(text)
    if (id === null) {
      // The server tells a client that comes back which node of its own prompt runs, once, and without the prompt's id.
      if (type === 'executing' && this.#isFirst) this.#isOwnRunning = true
      return this.#isOwnRunning || world.unknownRoutes()
    }
    const isOwn = belongings.owns(this.#visitor, id)
    if (type === 'executed') noteFiles(id, text, belongings)
    this.#isOwnRunning = isOwn && !isEnd(type, text)
    return isOwn
  }

  #frame(frame: Buffer): boolean {
    switch (frame.length < 4 ? 0 : frame.readUInt32BE(0)) {
      case frameTypes.preview:
      case frameTypes.rawPreview:
      case frameTypes.text:
        return this.#isOwnRunning
      case frameTypes.namedPreview:
        return this.#inside.belongings.owns(this.#visitor, promptOfPreview(frame))
      default:
        return this.#isOwnRunning && this.#inside.world.unknownRoutes()
    }
  }
}

/** `GET /ws`: under a client id of the person's own. */
export function openSocket({ query, path }: GatewayQuestion, visitor: Visitor, inside: Inside): Handling {
  const asked = new URLSearchParams(query)
  asked.delete('token')
  asked.delete('clientId')
  const id = query.get('clientId') || randomUUID().replaceAll('-', '')
  asked.set('clientId', clientIdOf(visitor, id))
  return {
    target: `${path}?${asked}`,
    socket: () => (visitor.role === 'admin' ? openFilter(visitor, inside) : new OwnFilter(visitor, inside)),
  }
}
