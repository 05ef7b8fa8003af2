import { mapEventIterator } from '@orpc/client'
import { getEventIteratorSchemaDetails, type AnySchema } from '@orpc/contract'
import { isAsyncIteratorObject } from '@orpc/shared'
import * as z from 'zod'
import { AttentionItem, Service, UserService, type Health } from '../../shared/contract'
import { describeProblem, isProblemId } from '../../shared/problems'

/** Parameters of problems that tell how a service is run: where its files lie, and what is started. */
const places = new Set(['command', 'file', 'folder', 'path', 'program', 'sources'])

type Reason = NonNullable<AttentionItem['reason']>

/** What is wrong with a service, without where its files lie and what is started; null where it tells nothing of it. */
function withoutPlaces({ problem, params }: Pick<Reason, 'problem' | 'params'>): Reason | null {
  if (!isProblemId(problem) || !Object.keys(params).some((name) => places.has(name))) return null
  const hidden = Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, places.has(name) ? '…' : value]),
  )
  return { problem, params: hidden, ...describeProblem(problem, hidden, 'en') }
}

/** A service's health without places: neither as evidence nor in what is wrong. */
function healthForUsers(health: Health): Health {
  const rungs = health.rungs.map((rung) => (rung.id === 'present' ? { ...rung, asked: '', answered: '' } : rung))
  const shown = withoutPlaces({ problem: health.problem ?? '', params: health.params ?? {} })
  if (shown === null) return { ...health, rungs }
  return { ...health, rungs, params: shown.params, reason: shown.message, hint: shown.hint }
}

/** What is said of a service's health here is what is said of it there. */
function itemForUsers(item: AttentionItem): AttentionItem {
  const shown = item.reason && item.kind.startsWith('service-') ? withoutPlaces(item.reason) : null
  return shown === null ? item : { ...item, reason: shown }
}

/** Shapes of the contract of which users see less, each with what they see. */
const narrower: ReadonlyMap<z.ZodType, z.ZodType> = new Map<z.ZodType, z.ZodType>([
  [Service, UserService.transform((service) => ({ ...service, health: healthForUsers(service.health) }))],
  [AttentionItem, AttentionItem.transform(itemForUsers)],
])

const isSchema = (value: unknown): value is z.ZodType => value instanceof z.ZodType

/**
 * `make` of the parts as users see them; null where they see all of each. What is no schema of Zod's holds nothing that
 * is narrowed.
 */
function rebuilt(parts: readonly unknown[], make: (parts: [z.ZodType, ...z.ZodType[]]) => z.ZodType): z.ZodType | null {
  const all = parts.filter(isSchema)
  const [first, ...others] = all.map((part) => userShape(part) ?? part)
  if (first === undefined || [first, ...others].every((part, at) => part === all[at])) return null
  return make([first, ...others])
}

/** What users get in place of a shape of an answer; null where they get all of it. */
function userShape(schema: z.ZodType): z.ZodType | null {
  const own = narrower.get(schema)
  if (own) return own
  if (schema instanceof z.ZodArray) return rebuilt([schema.element], ([item]) => z.array(item))
  if (schema instanceof z.ZodNullable) return rebuilt([schema.unwrap()], ([inner]) => z.nullable(inner))
  if (schema instanceof z.ZodOptional) return rebuilt([schema.unwrap()], ([inner]) => z.optional(inner))
  if (schema instanceof z.ZodUnion) return rebuilt(schema.options, (options) => z.union(options))
  if (schema instanceof z.ZodObject) {
    const { shape } = schema
    const keys = Object.keys(shape)
    return rebuilt(Object.values(shape), (parts) =>
      z.object(Object.fromEntries(parts.map((part, at) => [keys[at] ?? '', part]))),
    )
  }
  return null
}

const known = new WeakMap<AnySchema, z.ZodType | null>()

function remembered(schema: AnySchema): z.ZodType | null {
  const before = known.get(schema)
  if (before !== undefined) return before
  const made = isSchema(schema) ? userShape(schema) : null
  known.set(schema, made)
  return made
}

/**
 * An answer as its reader may see it: the one place where answers are narrowed, for REST, RPC and every event of a
 * stream alike. `schema` is what the contract says of the answer; `isAdmin` is asked anew for each event, because a
 * stream outlives the quarter of an hour for which the desktop's owner is administrator.
 */
export function narrowedForUsers(schema: AnySchema | undefined, answer: unknown, isAdmin: () => boolean): unknown {
  if (schema === undefined) return answer
  const yields = getEventIteratorSchemaDetails(schema)?.yields
  const shape = remembered(yields ?? schema)
  if (shape === null) return answer
  const narrowed = (value: unknown) => (isAdmin() ? value : shape.parse(value))
  if (!isAsyncIteratorObject(answer)) return narrowed(answer)
  return mapEventIterator(answer, {
    value: (value: unknown, isDone) => Promise.resolve(isDone ? value : narrowed(value)),
    error: (error: unknown) => Promise.resolve(error),
  })
}
