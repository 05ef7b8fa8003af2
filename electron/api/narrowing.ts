import { mapEventIterator } from '@orpc/client'
import { getEventIteratorSchemaDetails, type AnySchema } from '@orpc/contract'
import { isAsyncIteratorObject } from '@orpc/shared'
import * as z from 'zod'
import {
  About,
  GatewayListener,
  Generation,
  Gpu,
  ReasonSchema,
  Service,
  Sleeper,
  UserAbout,
  UserGatewayListener,
  UserGpu,
  UserService,
  UserSleeper,
  type Health,
} from '../../shared/contract'
import { serviceName } from '../../shared/service-name'
import { problemWithoutPlaces, withoutPlaces } from './without-places'

/** How a service is, in words that name no place. What was asked of it and answered stays with administrators. */
function healthForUsers({ state, since, checkedAt, problem, params = {} }: Health, name: string): Health {
  const bare = { state, since, checkedAt, rungs: [], checks: [] }
  if (problem === undefined) return bare
  const { message, ...shown } = problemWithoutPlaces({ problem, params }, name)
  return { ...bare, ...shown, reason: message }
}

const serviceForUsers = (service: Service): z.input<typeof UserService> => ({
  ...service,
  health: healthForUsers(service.health, serviceName(service)),
  muted: false,
  ...{ url: '', credentialId: null, adopted: false, pid: null, progress: null, container: null, pending: null },
})

/** A generation whose reasons name no place, neither where its service answers nor where it keeps its files. */
function generationForUsers({ warnings, error, left, ...generation }: Generation): Generation {
  const told = (reason: Generation['warnings'][number]) => problemWithoutPlaces(reason, generation.serviceId)
  const detail = error?.detail
  return {
    ...generation,
    warnings: warnings.map(told),
    ...(error && { error: { ...told(error), ...(detail !== undefined && { detail: withoutPlaces(detail) }) } }),
    ...(left && { left: { ...left, place: null } }),
  }
}

/** A listener without who is inside, and without why it cannot listen. */
const listenerForUsers = (listener: GatewayListener): z.input<typeof UserGatewayListener> => ({
  ...listener,
  inside: [],
})

/** What Regie does by itself, by the clock, names nobody. */
const toldToAll: readonly string[] = ['sleeping.stopped', 'sleeping.scheduled', 'sleeping.unloaded']

/** A sleeper without who woke it, and without who or what keeps it from its sleep. */
const sleeperForUsers = (sleeper: Sleeper): z.input<typeof UserSleeper> => ({
  ...sleeper,
  why: sleeper.why && toldToAll.includes(sleeper.why.problem) ? sleeper.why : null,
  held: null,
  keeps: [],
})

/** Shapes of the contract of which users see less, each with what they see. */
const narrower: ReadonlyMap<z.ZodType, z.ZodType> = new Map<z.ZodType, z.ZodType>([
  [Service, Service.transform(serviceForUsers).pipe(UserService)],
  [Generation, Generation.transform(generationForUsers)],
  [Gpu, UserGpu],
  [GatewayListener, GatewayListener.transform(listenerForUsers).pipe(UserGatewayListener)],
  [Sleeper, Sleeper.transform(sleeperForUsers).pipe(UserSleeper)],
  [About, UserAbout],
  [ReasonSchema, ReasonSchema.transform((reason) => problemWithoutPlaces(reason))],
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
