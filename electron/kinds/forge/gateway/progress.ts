import { describeProblem, Problem } from '../../../../shared/problems'
import { languageOf } from '../../../../shared/problems/language'
import type { GatewayQuestion, Handling, OwnAnswer, Visitor } from '../../gateway'
import { bodyText } from '../../gateway/json-body'
import { arrayOf, elementsOf, memberOf, membersOf, objectOf, stringOf } from '../../gateway/spans'
import type { Tasks } from './tasks'

/** A preview is a whole picture in base64. */
const maxBytes = { answer: 32 * 2 ** 20, body: 64 * 1024 }

const json = (value: unknown): OwnAnswer => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(value),
})

/** What Forge tells of itself while nothing runs (modules/api/api.py). */
const idle = {
  progress: 0,
  eta_relative: 0,
  state: {
    ...{ skipped: false, interrupted: false, stopping_generation: false, job: '', job_count: 0, job_timestamp: '0' },
    ...{ job_no: 0, sampling_step: 0, sampling_steps: 0 },
  },
  current_image: null,
  textinfo: null,
}

/**
 * `GET /sdapi/v1/progress` tells of whatever runs. It goes through while the person's own task does, which is asked before
 * it and after; where this Forge does not tell whose task runs, without a picture, and only while nobody else is here.
 */
export async function progress(visitor: Visitor, tasks: Tasks): Promise<Handling | OwnAnswer> {
  const before = await tasks.isOwnRunning(visitor)
  if (before === false || (before === null && !tasks.isAlone(visitor))) return json(idle)
  return {
    answer: {
      maxBytes: maxBytes.answer,
      async read(body) {
        const after = await tasks.isOwnRunning(visitor)
        if (after === true) return body
        const members = after === null && tasks.isAlone(visitor) ? membersOf(body.toString('utf8')) : null
        if (members === null) return Buffer.from(JSON.stringify(idle))
        return Buffer.from(
          objectOf(members.map(({ key, value }) => ({ key, value: key === 'current_image' ? 'null' : value }))),
        )
      },
    },
  }
}

/** What Forge tells of a task that it does not know (modules/progress.py). */
const noTask = {
  ...{ active: false, queued: false, completed: false, progress: null, eta: null },
  ...{ live_preview: null, id_live_preview: -1, textinfo: 'Waiting...' },
}

/** What the page shows in the bar of a task that waits here, of which Forge does not know yet. */
const waitingText = ({ headers }: GatewayQuestion) =>
  describeProblem('gateway.page-waits', {}, languageOf(headers['accept-language'])).message

/** `POST /internal/progress {id_task}`: of one's own task. */
export const taskProgress = (question: GatewayQuestion, visitor: Visitor, tasks: Tasks): Handling => ({
  body: {
    maxBytes: maxBytes.body,
    read(body) {
      const members = membersOf(bodyText(body, question.headers))
      if (members === null) throw new Problem('gateway.unreadable', { why: 'its body is no JSON object' })
      const id = stringOf(memberOf(members, 'id_task'))
      if (id === null || !tasks.owns(visitor, id)) return json(noTask)
      if (tasks.waits(id)) return json({ ...noTask, queued: true, textinfo: waitingText(question) })
      const others = members.filter(({ key }) => key !== 'id_task')
      return Buffer.from(objectOf([{ key: 'id_task', value: JSON.stringify(id) }, ...others]))
    },
  },
})

/** `GET /internal/pending-tasks`: how many there are, and the ids of one's own. */
export const pendingTasks = (visitor: Visitor, tasks: Tasks): Handling => ({
  answer: {
    maxBytes: maxBytes.body * 16,
    read(body) {
      const members = membersOf(body.toString('utf8')) ?? []
      const ids = elementsOf(memberOf(members, 'tasks') ?? '') ?? []
      const size = Number(memberOf(members, 'size') ?? ids.length)
      const own = arrayOf(ids.filter((id) => tasks.owns(visitor, stringOf(id))))
      return Buffer.from(`{"size": ${Number.isSafeInteger(size) ? size : 0}, "tasks": ${own}}`)
    },
  },
})

/**
 * `interrupt` and `skip` hit whatever runs: they go through while that is the person's own task, and do nothing while it is
 * not. Where it cannot be told, they are refused. What is left of the risk is the time between two requests.
 */
export async function stop(answer: object | null, visitor: Visitor, tasks: Tasks): Promise<Handling | OwnAnswer> {
  const isOwn = await tasks.isOwnRunning(visitor)
  if (isOwn === null) throw new Problem('gateway.running-unknown')
  return isOwn ? {} : json(answer)
}

const secretive = /(?:api|access|auth|secret|private)[-_ ]?key|token$|secret|passw/i

/** `GET /sdapi/v1/options`: extensions keep their keys there. */
export const options = (): Handling => ({
  answer: {
    maxBytes: maxBytes.answer,
    read(body) {
      const members = membersOf(body.toString('utf8'))
      if (members === null) return Buffer.from('{}')
      const isHidden = ({ key, value }: { key: string; value: string }) => value.startsWith('"') && secretive.test(key)
      return Buffer.from(objectOf(members.map((one) => (isHidden(one) ? { ...one, value: '""' } : one))))
    },
  },
})
