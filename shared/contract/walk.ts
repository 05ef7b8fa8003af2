import { isContractProcedure } from '@orpc/contract'
import * as z from 'zod'
import type { Guarding } from './base'

/** One procedure of a contract, as its doors and its description need it. */
export interface Described extends Guarding {
  /** As RPC names it, e.g. `vault/import`. */
  name: string
  method: string
  /** Below `/api/v1`, e.g. `/services/{id}/start`. */
  path: string
  /** Null where it takes nothing. */
  input: z.ZodType | null
  /** Part of its input is a file, so that its body is a form. */
  takesFile: boolean
}

const takesFile = (schema: z.ZodType | null): boolean =>
  schema instanceof z.ZodObject && Object.values(schema.shape).some((field) => field instanceof z.ZodFile)

/** Every procedure of a contract, or of a part of it, in its order. Throws for one without a path of its own. */
export function proceduresOf(node: object, name = ''): Described[] {
  if (!isContractProcedure(node))
    return Object.entries(node).flatMap(([key, child]: [string, object]) =>
      proceduresOf(child, name === '' ? key : `${name}/${key}`),
    )
  const definition: { route: { method?: string; path?: string }; meta: unknown; inputSchema?: unknown } = node['~orpc']
  const { route, meta, inputSchema } = definition
  if (route.path === undefined) throw new Error(`${name} has no path`)
  const input = inputSchema instanceof z.ZodType ? inputSchema : null
  const guarding = meta as Guarding // the contract starts each procedure with it
  return [{ name, method: route.method ?? 'POST', path: route.path, input, takesFile: takesFile(input), ...guarding }]
}
