import { randomUUID } from 'node:crypto'
import { Problem } from '../../../../shared/problems'
import type { GatewayQuestion, GatewayWorld, Handling, Visitor } from '../../gateway'
import { bodyText } from '../../gateway/json-body'
import { memberOf, membersOf, objectOf, stringOf, type Member } from '../../gateway/spans'
import { parseJson } from '../../json'
import type { Belongings } from './belongings'
import { clientIdOf } from './client-id'
import { jobsThere } from './line'
import { checkFiles } from './named-files'

/** Workflows with pictures in base64 are this long; answers hold what is wrong with each node. */
const maxBytes = { body: 32 * 2 ** 20, answer: 16 * 2 ** 20 }

const ours = new Set(['number', 'front', 'client_id', 'prompt_id'])
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/
/** The id that the job gets: the client's, or a new one, so that it is known whose it is before its first message. */
async function promptIdOf(members: readonly Member[], visitor: Visitor, { world, belongings }: Submitting) {
  const sent = memberOf(members, 'prompt_id')
  if (sent === null || sent === 'null') return randomUUID()
  const id = stringOf(sent)
  if (id === null || id === '' || id.length > 200)
    throw new Problem('gateway.unreadable', { why: 'prompt_id is no short text' })
  // Any text was an id once, and a guess may be one of a job that came another way.
  if (!uuid.test(id) && !belongings.owns(visitor, id) && (await jobsThere(world, id)))
    throw new Problem('gateway.job-id-taken')
  return id
}

interface Submitting {
  world: GatewayWorld
  belongings: Belongings
}

const graphOf = (job: unknown): unknown =>
  typeof job === 'object' && job !== null && 'prompt' in job ? job.prompt : null

/** A person's job: its place in the line is the gateway's to give, its messages go to its client's socket. */
export function submit(question: GatewayQuestion, visitor: Visitor, submitting: Submitting): Handling {
  const { world, belongings } = submitting
  let jobId: string | null = null
  return {
    jobId: () => jobId,
    body: {
      maxBytes: maxBytes.body,
      async read(body) {
        const text = bodyText(body, question.headers)
        const job = parseJson(text)
        const members = job === undefined ? null : membersOf(text)
        // No object is no job: the service says so itself.
        if (members === null) return Buffer.from(text.trimStart().startsWith('{') ? 'unreadable' : text)
        if (visitor.role !== 'admin') checkFiles(graphOf(job), visitor, belongings)
        const id = await promptIdOf(members, visitor, submitting)
        if (!belongings.notePrompt(id, visitor)) throw new Problem('gateway.job-id-taken')
        jobId = id
        const extra = membersOf(memberOf(members, 'extra_data') ?? '') ?? []
        // What is no text names no client; the other place then would.
        const clientId = stringOf(memberOf(members, 'client_id')) ?? stringOf(memberOf(extra, 'client_id'))
        const number = world.numberFor(visitor, id)
        const added: Member[] = [{ key: 'prompt_id', value: JSON.stringify(id) }]
        if (clientId !== null) added.push({ key: 'client_id', value: JSON.stringify(clientIdOf(visitor, clientId)) })
        if (number !== null) added.push({ key: 'number', value: String(number) })
        return Buffer.from(objectOf([...added, ...members.filter(({ key }) => !ours.has(key))]))
      },
    },
    answer: {
      maxBytes: maxBytes.answer,
      read(body) {
        // Versions before the summer of 2025 give ids of their own.
        const id = stringOf(memberOf(membersOf(body.toString('utf8')) ?? [], 'prompt_id'))
        if (id !== null && id !== jobId && belongings.notePrompt(id, visitor)) jobId = id
        return body
      },
    },
  }
}
