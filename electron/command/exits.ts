import { ORPCError } from '@orpc/client'
import { ValidationError } from '@orpc/contract'
import * as z from 'zod'
import { ProblemData } from '../../shared/contract'
import { describeProblem, Problem, type Language } from '../../shared/problems'
import { explainError } from './explain'
import { inLines, reasonIn, type ToldProblem } from './reasons'
import type { Say, WordKey } from './words'

/** What the exit codes of the commands mean; docs/command-line.md tells them. */
export const exits = {
  done: 0,
  /** What was asked for failed, or a check found something. */
  failed: 1,
  /** The command line is not understood. */
  usage: 2,
  /** The panel cannot be reached, or does not know who asks. */
  unreachable: 3,
  /** The panel knows who asks, and does not allow it. */
  forbidden: 4,
  /** It had not ended within `--timeout`. */
  late: 5,
  interrupted: 130,
  /** Nobody reads the output any more. */
  unread: 141,
} as const
export type Exit = (typeof exits)[keyof typeof exits]

type Params = Readonly<Record<string, string | number>>

/** An expected failure of the command itself, which the panel was not asked about. */
export class CommandFailure extends Error {
  override readonly name = 'CommandFailure'

  constructor(
    readonly exit: Exit,
    readonly key: WordKey,
    readonly params: Params = {},
    options?: ErrorOptions,
  ) {
    super(key, options)
  }
}

/** A command line that is not understood. */
export const usageError = (key: WordKey, params: Params = {}): CommandFailure =>
  new CommandFailure(exits.usage, key, params)

/** What a person is told of a failure, and with which code the command ends. */
export interface Explained {
  exit: Exit
  text: string
}

/** What a panel answers to a request that reaches no procedure, such as one with a foreign Host. */
const OutsideProcedures = z.object({
  body: ProblemData.extend({ message: z.string() }).or(z.object({ data: ProblemData, message: z.string() })),
})

/** The Problem that an answer tells; null where it tells none. */
export function problemOf(error: unknown): ToldProblem | null {
  if (!(error instanceof ORPCError)) return null
  const own = ProblemData.safeParse(error.data)
  if (own.success) return { ...own.data, message: error.message }
  const outside = OutsideProcedures.safeParse(error.data).data?.body
  if (!outside) return null
  return 'data' in outside ? { ...outside.data, message: outside.message } : outside
}

function exitOf(status: number, problem: string | undefined): Exit {
  if (status === 401 || problem === 'session.too-many') return exits.unreachable
  return status === 403 ? exits.forbidden : exits.failed
}

/** Node's codes of a certificate that is not believed. */
const untrusted =
  /^(?:DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(?:VERIFY_LEAF_SIGNATURE|GET_ISSUER_CERT(?:_LOCALLY)?)|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/

/** The code of what a request failed with before it was answered; null where it is something else. */
export function connectionCode(error: unknown): string | null {
  if (!(error instanceof TypeError) || !/^(?:fetch failed|terminated)$/.test(error.message)) return null
  const { cause } = error
  // Several addresses of one name that all refuse.
  const first: unknown = cause instanceof AggregateError ? cause.errors[0] : cause
  if (first instanceof Error && 'code' in first && typeof first.code === 'string') return first.code
  return first instanceof Error ? first.message : 'fetch failed'
}

/** What to tell of anything that a command can end with. `url`: the panel that was asked, where one was. */
export function explain(
  error: unknown,
  { say, language, url }: { say: Say; language: Language; url: string },
): Explained {
  if (error instanceof CommandFailure) return { exit: error.exit, text: say(error.key, error.params) }
  const problem = problemOf(error)
  if (error instanceof ORPCError) {
    const text =
      problem === null ? say('failure.answer', { url, status: error.status }) : inLines(reasonIn(language, problem))
    return { exit: exitOf(error.status, problem?.problem), text }
  }
  if (error instanceof Problem)
    return { exit: exits.failed, text: inLines(describeProblem(error.id, error.params, language)) }
  if (error instanceof ValidationError) return { exit: exits.unreachable, text: say('failure.version', { url }) }
  const code = connectionCode(error)
  if (code !== null) {
    const key = untrusted.test(code) ? 'failure.certificate' : 'failure.unreachable'
    return { exit: exits.unreachable, text: say(key, { url, code }) }
  }
  return { exit: exits.failed, text: explainError(error) }
}
