import { isAsyncIteratorObject } from '@orpc/shared'
import { mapEventIterator, ORPCError } from '@orpc/client'
import { ValidationError } from '@orpc/contract'
import { randomUUID } from 'node:crypto'
import * as z from 'zod'
import { procedures } from '../../shared/contract'
import { errorStatus, Problem } from '../../shared/problems'
import { beginning, type Redact } from '../logs/cutting'
import { problemWithoutSecrets } from '../logs/reasons'
import { diskProblem } from '../storage/disk'
import type { Caller } from './context'
import { problemWithoutPlaces, type Told } from './without-places'
import type { Log } from '../storage/log'

/** The error of a Problem. The last barrier: whatever it quotes, of whomever, passes the redactor here. */
function fromProblem(quoting: Problem, { redact }: Pick<Reported, 'redact'>) {
  const problem = problemWithoutSecrets(quoting, redact)
  const { id, params, message, hint } = problem
  return errorOf(problem, { problem: id, params, message, hint })
}

const errorOf = (cause: Problem, { problem, params, message, hint }: Told) =>
  new ORPCError(cause.code, {
    status: errorStatus[cause.code],
    message,
    data: { problem, params, hint },
    cause,
  })

/** What of a call decides how much of a Problem is told. Left out, all of it is. */
interface Called {
  context?: { caller: Pick<Caller, 'role'> }
  input?: unknown
}

const Named = z.object({ serviceId: z.string().optional(), id: z.string().optional() })

/** The error as its caller may see it: who is no administrator is not told where and how services are run. */
function toldTo(error: unknown, { context, input }: Called): unknown {
  if (!context || context.caller.role === 'admin') return error
  if (!(error instanceof ORPCError) || !(error.cause instanceof Problem)) return error
  const { serviceId, id } = Named.safeParse(input).data ?? {}
  const { cause } = error
  return errorOf(cause, problemWithoutPlaces({ problem: cause.id, params: cause.params }, serviceId ?? id))
}

/** Where bugs are noted, the folder that most writes go to, and what takes secrets out of what is told. */
interface Reported {
  log: Log
  dataFolder: string
  redact: Redact
}

interface Issue {
  message: string
  path?: readonly (PropertyKey | { key: PropertyKey })[] | undefined
}

const describeIssue = ({ message, path = [] }: Issue) => {
  const where = path.map((part) => String(typeof part === 'object' ? part.key : part)).join('.')
  return where ? `${where}: ${message}` : message
}

/**
 * Turns whatever a procedure threw into the error that the caller sees: a Problem keeps its code, message and hint;
 * input that does not fit names its fields; a request that was aborted stays what it is; everything else is a bug,
 * logged under an id and answered without details.
 */
function toCallerError(error: unknown, reported: Reported, limitMiB = 1): unknown {
  const { log, dataFolder, redact } = reported
  if (error instanceof Problem) return fromProblem(error, reported)
  if (error instanceof ORPCError) {
    const { cause } = error
    // Told already: the interceptors are passed more than once.
    if (cause instanceof Problem) return error
    if (error.code === 'BAD_REQUEST' && cause instanceof ValidationError) {
      const issues = beginning(cause.issues.slice(0, 10).map(describeIssue).join('; '), 2000, redact)
      return fromProblem(new Problem('input.invalid', { issues }), reported)
    }
    if (error.code === 'BAD_REQUEST')
      return fromProblem(new Problem('input.invalid', { issues: error.message }), reported)
    if (error.code === 'PAYLOAD_TOO_LARGE') return fromProblem(new Problem('input.too-large', { limitMiB }), reported)
    if (error.code !== 'INTERNAL_SERVER_ERROR') return error
  }
  if (error instanceof Error && error.name === 'AbortError') return error
  const full = diskProblem(error, dataFolder)
  if (full) return fromProblem(full, reported)
  const id = randomUUID()
  log.error({ err: error, id }, 'a procedure failed unexpectedly')
  return new ORPCError('INTERNAL_SERVER_ERROR', { message: `Something went wrong inside Regie (${id}).` })
}

let declared: ReadonlyMap<string, ReadonlySet<string>> | undefined
const declaredByName = () => new Map(procedures().map(({ name, errors }) => [name, new Set<string>(errors)]))

/** What is logged of a Problem that its procedure does not declare: the contract then says too little. */
export const undeclaredProblem = 'a problem that the contract does not declare'

function reportUndeclared(error: unknown, path: readonly string[], { log }: Reported): void {
  if (!(error instanceof ORPCError) || !(error.cause instanceof Problem)) return
  const procedure = path.join('/')
  declared ??= declaredByName()
  if (declared.get(procedure)?.has(error.cause.code) === true) return
  log.error({ procedure, code: error.cause.code, problem: error.cause.id }, undeclaredProblem)
}

/**
 * Wraps every procedure call, also the streams that it answers with, so that only caller's errors leave it. One that
 * the procedure does not declare is answered all the same, and logged as the error that it is.
 */
export const interceptProcedureErrors =
  (reported: Reported) =>
  async ({
    next,
    path,
    ...called
  }: Called & { next: () => Promise<unknown>; path: readonly string[] }): Promise<unknown> => {
    try {
      const output = await next()
      if (!isAsyncIteratorObject(output)) return output
      return mapEventIterator(output, {
        value: (value: unknown) => Promise.resolve(value),
        error: (error: unknown) => Promise.resolve(toldTo(toCallerError(error, reported), called)),
      })
    } catch (error) {
      const told = toCallerError(error, reported)
      reportUndeclared(told, path, reported)
      throw toldTo(told, called)
    }
  }

/**
 * Wraps the reading of a request: a body that is not JSON, or larger than `limitMiB`, never reaches a procedure.
 */
export const interceptRequestErrors =
  (reported: Reported, limitMiB: number) =>
  async <T>({ next }: { next: () => Promise<T> }): Promise<T> => {
    try {
      return await next()
    } catch (error) {
      if (error instanceof SyntaxError)
        throw fromProblem(new Problem('input.invalid', { issues: 'the body is not JSON' }), reported)
      throw toCallerError(error, reported, limitMiB)
    }
  }
