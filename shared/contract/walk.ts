import { isContractProcedure } from '@orpc/contract'
import * as z from 'zod'
import type { ErrorCode } from '../problems'
import type { ProcedureMeta } from './base'

/** One procedure of a contract, as its doors and its description need it. */
export interface Described extends ProcedureMeta {
  /** As RPC names it, e.g. `vault/import`. */
  name: string
  method: string
  /** Below `/api/v1`, e.g. `/services/{id}/start`. */
  path: string
  /** Null where it takes nothing. */
  input: z.ZodType | null
  /** Whether part of its input is a file, so that its body is a form. */
  takesFile: () => boolean
  /** Every kind of Problem that it can answer, its own and those of its kind. */
  errors: readonly ErrorCode[]
}

const takesFile = (schema: z.ZodType | null): boolean =>
  schema instanceof z.ZodObject && Object.values(schema.shape).some((field) => field instanceof z.ZodFile)

/**
 * What every procedure of a kind can answer: input that does not fit, a foreign Host or Origin, too many wrong tokens;
 * a stranger where somebody must have signed in; nothing where the path names something; a body that is not read.
 */
function errorsOfKind(method: string, path: string, { access }: ProcedureMeta): ErrorCode[] {
  const all: ErrorCode[] = ['BAD_REQUEST', 'FORBIDDEN', 'TOO_MANY_REQUESTS']
  if (access !== 'public') all.push('UNAUTHORIZED')
  if (path.includes('{id}')) all.push('NOT_FOUND')
  if (method !== 'GET') all.push('PAYLOAD_TOO_LARGE', 'UNSUPPORTED_MEDIA_TYPE')
  return all
}

/** Every procedure of a contract, or of a part of it, in its order. Throws for one without a path of its own. */
export function proceduresOf(node: object, name = ''): Described[] {
  if (!isContractProcedure(node))
    return Object.entries(node).flatMap(([key, child]: [string, object]) =>
      proceduresOf(child, name === '' ? key : `${name}/${key}`),
    )
  const definition: { route: { method?: string; path?: string }; meta: unknown; inputSchema?: unknown } = node['~orpc']
  const { route, inputSchema } = definition
  if (route.path === undefined) throw new Error(`${name} has no path`)
  const input = inputSchema instanceof z.ZodType ? inputSchema : null
  const meta = definition.meta as ProcedureMeta // the contract starts each procedure with it
  const method = route.method ?? 'POST'
  const errors = [...new Set([...errorsOfKind(method, route.path, meta), ...meta.errors])]
  const { path } = route
  // Asked of few: to tell it makes every field of the input.
  return [{ ...meta, name, method, path, input, errors, takesFile: () => takesFile(input) }]
}
