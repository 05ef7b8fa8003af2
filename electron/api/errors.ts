import { isAsyncIteratorObject } from '@orpc/shared'
import { mapEventIterator, ORPCError } from '@orpc/client'
import { ValidationError } from '@orpc/contract'
import { randomUUID } from 'node:crypto'
import { errorStatus, Problem } from '../../shared/problems'
import { diskProblem } from '../storage/disk'
import type { Log } from '../storage/log'

const fromProblem = (problem: Problem) =>
  new ORPCError(problem.code, {
    status: errorStatus[problem.code],
    message: problem.message,
    data: { problem: problem.id, params: problem.params, hint: problem.hint },
    cause: problem,
  })

/** Where bugs are noted, and the folder that most writes go to. */
interface Reported {
  log: Log
  dataFolder: string
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
function toCallerError(error: unknown, { log, dataFolder }: Reported, limitMiB = 1): unknown {
  if (error instanceof Problem) return fromProblem(error)
  if (error instanceof ORPCError) {
    const { cause } = error
    // Told already: the interceptors are passed more than once.
    if (cause instanceof Problem) return error
    if (error.code === 'BAD_REQUEST' && cause instanceof ValidationError) {
      const issues = cause.issues.slice(0, 10).map(describeIssue).join('; ').slice(0, 2000)
      return fromProblem(new Problem('input.invalid', { issues }))
    }
    if (error.code === 'BAD_REQUEST') return fromProblem(new Problem('input.invalid', { issues: error.message }))
    if (error.code === 'PAYLOAD_TOO_LARGE') return fromProblem(new Problem('input.too-large', { limitMiB }))
    if (error.code !== 'INTERNAL_SERVER_ERROR') return error
  }
  if (error instanceof Error && error.name === 'AbortError') return error
  const full = diskProblem(error, dataFolder)
  if (full) return fromProblem(full)
  const id = randomUUID()
  log.error({ err: error, id }, 'a procedure failed unexpectedly')
  return new ORPCError('INTERNAL_SERVER_ERROR', { message: `Something went wrong inside Regie (${id}).` })
}

/** Wraps every procedure call, also the streams that it answers with, so that only caller's errors leave it. */
export const interceptProcedureErrors =
  (reported: Reported) =>
  async ({ next }: { next: () => Promise<unknown> }): Promise<unknown> => {
    try {
      const output = await next()
      if (!isAsyncIteratorObject(output)) return output
      return mapEventIterator(output, {
        value: (value: unknown) => Promise.resolve(value),
        error: (error: unknown) => Promise.resolve(toCallerError(error, reported)),
      })
    } catch (error) {
      throw toCallerError(error, reported)
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
        throw fromProblem(new Problem('input.invalid', { issues: 'the body is not JSON' }))
      throw toCallerError(error, reported, limitMiB)
    }
  }
