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

/**
 * Lets through what tells of the person's own prompts. The service's messages come in order, and a picture without a name
 * follows a message of its prompt: so what was told last tells whose it is, until something may have changed.
 */
function createSocketFilter(
  visitor: Visitor,
  { world, belongings }: { world: GatewayWorld; belongings: Belongings },
): SocketFilter {
  let isOwnRunning = false
  let isFirst = true

  const noteFiles = (id: string, text: string) => {
    const data = membersOf(memberOf(membersOf(text) ?? [], 'data') ?? '') ?? []
    belongings.noteOutputs(id, { node: parseJson(memberOf(data, 'output') ?? 'null') })
  }

  /** The first message tells the client its id: the one that it knows. */
  const withBareId = (text: string): Buffer | null => {
    if (!sid.test(text)) return null
    return Buffer.from(
      text.replace(sid, (_, before: string, id: string) => {
        const told = parseJson(id)
        return before + (typeof told === 'string' ? JSON.stringify(bareClientId(visitor.account, told)) : id)
      }),
    )
  }

  const ofPrompt = (type: string, data: Buffer): boolean => {
    const text = data.toString('utf8')
    const id = promptOf(text)
    if (id === null) {
      // The server tells a client that comes back which node of its own prompt runs, once, and without the prompt's id.
      if (type === 'executing' && isFirst) isOwnRunning = true
      return isOwnRunning || world.unknownRoutes()
    }
    const isOwn = belongings.owns(visitor, id)
    if (type === 'executed') noteFiles(id, text)
    const isEnd = ends.has(type) || (type === 'executing' && /"node":\s*null/.test(text))
    isOwnRunning = isOwn && !isEnd
    return isOwn
  }

  const ofText = (data: Buffer): boolean | Buffer => {
    const type = typeOf.exec(data.toString('latin1', 0, 80))?.[1]
    switch (type) {
      case undefined:
      case 'logs':
        return false
      case 'status':
        isOwnRunning = false
        return withBareId(data.toString('utf8')) ?? true
      case 'feature_flags':
        return true
      default: {
        const passes = ofPrompt(type, data)
        isFirst = false
        return passes
      }
    }
  }

  const ofFrame = (frame: Buffer): boolean => {
    switch (frame.length < 4 ? 0 : frame.readUInt32BE(0)) {
      case frameTypes.preview:
      case frameTypes.rawPreview:
      case frameTypes.text:
        return isOwnRunning
      case frameTypes.namedPreview:
        return belongings.owns(visitor, promptOfPreview(frame))
      default:
        return isOwnRunning && world.unknownRoutes()
    }
  }

  return {
    fromService(data, isBinary) {
      if (visitor.role !== 'admin') return isBinary ? ofFrame(data) : ofText(data)
      if (isBinary) return true
      const text = data.toString('latin1', 0, 80)
      if (typeOf.exec(text)?.[1] === 'status') return withBareId(data.toString('utf8')) ?? true
      if (text.includes('"executed"')) {
        const id = promptOf(data.toString('utf8'))
        if (id !== null) noteFiles(id, data.toString('utf8'))
      }
      return true
    },
  }
}

/** `GET /ws`: under a client id of the person's own. */
export function openSocket(
  { query, path }: GatewayQuestion,
  visitor: Visitor,
  inside: { world: GatewayWorld; belongings: Belongings },
): Handling {
  const asked = new URLSearchParams(query)
  asked.delete('token')
  asked.delete('clientId')
  const id = query.get('clientId') || randomUUID().replaceAll('-', '')
  asked.set('clientId', clientIdOf(visitor.account, id))
  return { target: `${path}?${asked}`, socket: () => createSocketFilter(visitor, inside) }
}
