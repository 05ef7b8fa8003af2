import * as z from 'zod'
import { Problem } from '../../../../shared/problems'
import type { GatewayQuestion, Visitor } from '../../gateway'
import { bodyText } from '../../gateway/json-body'
import { parseJson } from '../../json'
import type { Files } from './files'
import type { PageFunction, PageFunctions } from './functions'
import { checkPlaces } from './places'
import type { Tasks } from './tasks'

/** What a page sends to call a function (gradio/data_classes.py, `PredictBody`); nothing else of it is sent on. */
const Call = z.object({
  data: z.array(z.unknown()),
  fn_index: z.int(),
  session_hash: z.string().min(1).max(100).nullish(),
  event_data: z.unknown().optional(),
  trigger_id: z.int().nullish(),
})
export type Call = z.infer<typeof Call>

/** The same of an administrator, who may call in ways of his own: what is not as a page sends it is not known. */
const AnyCall = z.object({
  data: z.array(z.unknown()).catch([]),
  fn_index: z.int().nullable().catch(null),
  session_hash: z.string().min(1).max(100).nullable().catch(null),
})
export type AnyCall = z.infer<typeof AnyCall>

const Session = z.object({ session_hash: z.string().min(1).max(100), fn_index: z.int(), event_id: z.string().max(100) })

/** A task as a page names it, the first value of what makes pictures (javascript/ui.js, `randomId`). */
export const isTask = (value: unknown): value is string =>
  typeof value === 'string' && /^task\([^"\\()]{1,100}\)$/.test(value)

/** A text or a gallery, as Python sees whether something is in it. */
const isSomething = (value: unknown) => (typeof value === 'string' || Array.isArray(value)) && value.length > 0

/** Fields in which a folder or a path of the service's machine is written. */
const ofPlace = /(?:^|[^a-z])(?:dir|directory|directories|folder|path)s?(?:[^a-z]|$)/i

export const refusedCall = (id: string): Problem => new Problem('gateway.page-function', { id })

function readBody<T>(body: Buffer, { headers }: GatewayQuestion, schema: z.ZodType<T>): T {
  const read = schema.safeParse(parseJson(bodyText(body, headers)))
  if (!read.success) throw new Problem('gateway.unreadable', { why: 'it is no call as the page makes it' })
  return read.data
}

/** A call as a page makes it. Throws `gateway.unreadable`. */
export const readCall = (body: Buffer, question: GatewayQuestion): Call => readBody(body, question, Call)

/** What can be read of an administrator's. */
export const readAnyCall = (body: Buffer): AnyCall =>
  AnyCall.safeParse(parseJson(body.toString('utf8'))).data ?? { data: [], fn_index: null, session_hash: null }

/** What a page sends to cancel a call. Throws `gateway.unreadable`. */
export const readCancel = (body: Buffer, question: GatewayQuestion) => readBody(body, question, Session)

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

interface Judging {
  /** The service's. */
  id: string
  tasks: Pick<Tasks, 'owns' | 'isOwnRunning'>
  files: Files
}

/** Throws where what a function does is not the person's to do. */
async function checkAct(
  { id, tasks }: Judging,
  { act, takes }: PageFunction,
  [first]: readonly unknown[],
  visitor: Visitor,
): Promise<void> {
  switch (act) {
    case 'job':
      if (!isTask(first)) throw new Problem('gateway.unreadable', { why: 'its task has no name' })
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

/** What a call does, and what of it is sent: written when it goes, for it may wait, and is counted as held once. */
export interface Judged {
  act: PageFunction['act']
  sent: () => Buffer
}

/** What a person calls, by what the service's page is now. Throws a Problem where he may not. */
export async function judgeCall(
  judging: Judging,
  called: Call,
  functions: PageFunctions,
  visitor: Visitor,
): Promise<Judged> {
  const found = functions.get(called.fn_index)
  if (found === undefined) throw refusedCall(judging.id)
  if (found.act === 'settings') return { act: found.act, sent: () => Buffer.alloc(0) }
  const data = owned(judging.files, called, found, visitor)
  await checkAct(judging, found, called.data, visitor)
  return { act: found.act, sent: () => Buffer.from(JSON.stringify({ ...called, data })) }
}
