import { Problem } from '../../../../shared/problems'
import type { GatewayQuestion, GatewayWorld, Handling, OwnAnswer, Visitor } from '../../gateway'
import { bodyText } from '../../gateway/json-body'
import { elementsOf, memberOf, membersOf, stringOf, type Member } from '../../gateway/spans'
import { parseJson } from '../../json'
import type { Belongings } from './belongings'
import { askLine } from './line'
import { json } from './lists'

const maxBytes = 2 ** 20

/** What ComfyUI answers to an order that changes nothing. */
const nothingDone: OwnAnswer = { status: 200, headers: {}, body: '' }

/** Python's view of a value: whether `if value:` holds. */
const isTruthy = (value: string | null) =>
  value !== null && !/^(?:null|false|-?0(?:\.0*)?(?:[eE].*)?|""|\[\s*\]|\{\s*\})$/.test(value)

/** The object in a body. Throws a Problem for what is none: what a service might make of it is not known. */
function objectIn(body: Buffer, { headers }: GatewayQuestion): Member[] {
  const text = bodyText(body, headers)
  const members = parseJson(text) === undefined ? null : membersOf(text)
  if (members === null) throw new Problem('gateway.unreadable', { why: 'its body is no JSON object' })
  return members
}

function idsIn(members: readonly Member[], key: string): string[] {
  const value = memberOf(members, key)
  const ids = value === null ? [] : elementsOf(value)?.map(stringOf)
  if (ids === undefined || ids.includes(null))
    throw new Problem('gateway.unreadable', { why: `${key} is no list of texts` })
  return ids.filter((id) => id !== null)
}

/**
 * `POST /queue` and `POST /history`: `{clear, delete: [id]}`. To clear concerns everybody; of the ids one's own are sent on.
 * An id that nobody has is passed over in silence by the service too.
 */
export const changeQueue = (
  question: GatewayQuestion,
  visitor: Visitor,
  id: string,
  belongings: Belongings,
): Handling => ({
  body: {
    maxBytes,
    read(body) {
      const members = objectIn(body, question)
      if (isTruthy(memberOf(members, 'clear'))) throw new Problem('gateway.admin-only', { id })
      const own = idsIn(members, 'delete').filter((one) => belongings.owns(visitor, one))
      return own.length === 0 ? nothingDone : Buffer.from(JSON.stringify({ delete: own }))
    },
  },
})

/**
 * `POST /interrupt`, with or without an id. Without one it stops whatever runs, and with one too in versions before the
 * summer of 2025: so the service is asked first, and only a prompt of one's own is named to it.
 */
export const interrupt = (
  question: GatewayQuestion,
  visitor: Visitor,
  { world, belongings }: { world: GatewayWorld; belongings: Belongings },
): Handling => ({
  body: {
    maxBytes,
    async read(body) {
      const text = bodyText(body, question.headers)
      const wanted = memberOf(membersOf(text) ?? [], 'prompt_id')
      const { running } = await askLine(world)
      const own = running.find((id) => belongings.owns(visitor, id) && (!isTruthy(wanted) || stringOf(wanted) === id))
      // Only where nothing else runs beside it is it certain whom an order without address hits.
      return own === undefined || running.length > 1 ? nothingDone : Buffer.from(JSON.stringify({ prompt_id: own }))
    },
  },
})

/** `POST /api/jobs/{id}/cancel`. */
export const cancelJob = (id: string, visitor: Visitor, belongings: Belongings): Handling | OwnAnswer =>
  belongings.owns(visitor, id) ? {} : json('{"cancelled": false}')

/** `POST /api/jobs/cancel {job_ids}`. */
export const cancelJobs = (question: GatewayQuestion, visitor: Visitor, belongings: Belongings): Handling => ({
  body: {
    maxBytes,
    read(body) {
      const own = idsIn(objectIn(body, question), 'job_ids').filter((id) => belongings.owns(visitor, id))
      return own.length === 0 ? json('{"cancelled": false}') : Buffer.from(JSON.stringify({ job_ids: own }))
    },
  },
})
