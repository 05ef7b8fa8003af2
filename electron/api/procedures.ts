import { AsyncIteratorClass, isAsyncIteratorObject } from '@orpc/shared'
import { implement } from '@orpc/server'
import * as z from 'zod'
import { contract, type AccountId } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Access } from '../access'
import { nameOf } from '../audit/who'
import { checkAccess, seesOnly } from './allowing'
import type { ApiContext, Caller } from './context'
import { narrowedForUsers } from './narrowing'
import { unknownKeys } from './unknown-keys'

/** A stream that ends with the Problem once its reader may no longer have it. */
function guardStream<T>(stream: AsyncIterator<T>, check: () => void, onShrink: Access['onShrink']) {
  let refusal: Error | null = null
  let interrupt: (refusal: Error) => void = () => undefined
  const undo = onShrink(() => {
    try {
      check()
    } catch (error) {
      refusal ??= error instanceof Error ? error : new Error('refused', { cause: error })
      interrupt(refusal)
    }
  })
  return new AsyncIteratorClass<T>(
    // No race with one promise that outlives each: it would remember every event of a stream that lasts for days.
    () =>
      new Promise<IteratorResult<T>>((resolve, reject) => {
        if (refusal) {
          reject(refusal)
          return
        }
        interrupt = reject
        stream.next().then(resolve, reject)
      }),
    (why) => {
      undo()
      const done = Promise.resolve(stream.return?.()).then(() => undefined)
      // A source that waits for its next event ends after that: whoever was refused does not wait for it.
      return why === 'next' ? Promise.resolve() : done
    },
  )
}

const nothing = z.strictObject({})

/** Throws `input.invalid` with the names of what the procedure does not know, for scripts that mistyped one. */
function refuseUnknownKeys(schema: unknown, input: unknown): void {
  // A procedure without input knows no key at all.
  const unknown = unknownKeys(schema instanceof z.ZodType ? schema : nothing, input)
  if (unknown.length > 0)
    throw new Problem('input.invalid', { issues: `unknown: ${unknown.slice(0, 10).join(', ').slice(0, 500)}` })
}

/**
 * Implements the contract; every procedure is guarded as the contract states, and a stream for as long as it lasts. Who
 * is no administrator gets what users may see, also of a stream that began when he was one. `seesOnly`: the account
 * whose things alone a list holds; null for everybody's.
 */
export const procedures = implement(contract)
  .$context<ApiContext>()
  .use(async ({ context, procedure, path, next }, input) => {
    const { meta: guarding, inputSchema, outputSchema } = procedure['~orpc']
    checkAccess({ guarding, path, input }, context)
    context.caller.session?.noteUse()
    if (context.strict) refuseUnknownKeys(inputSchema, input)
    const result = await next({ context: { seesOnly: seesOnly(guarding, context) } })
    const output = narrowedForUsers(outputSchema, result.output, () => context.caller.role === 'admin')
    if (guarding.access === 'public' || !isAsyncIteratorObject(output)) return { ...result, output }
    const stillMay = () => checkAccess({ guarding: { ...guarding, reauth: false }, path, input }, context)
    return { ...result, output: guardStream(output, stillMay, context.parts.access.onShrink) }
  })

/** What a handler gets: whose things alone its caller sees is known. */
export type Narrowed = ApiContext & { seesOnly: AccountId | null }

/** A change as it was sent: a parsed partial may hold explicit undefined, which must not overwrite. */
export const given = <T extends object>(change: T): { [K in keyof T]: Exclude<T[K], undefined> } =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>
  } // fromEntries loses the keys

/** What the caller is, for those who read what was done to a service. */
export const callerRole = (caller: Caller) => (caller.door === 'desktop' ? 'owner' : (caller.account ?? 'stranger'))

/** How the caller appears in the audit log: who, through which door, and from where. */
export const callerName = (caller: Caller) => nameOf(caller)

/** Whose it is what the caller makes. Throws `session.required` for a stranger. */
export function accountOf({ account }: Caller): AccountId {
  if (account === null) throw new Problem('session.required')
  return account
}

/** A direct call may come without a signal; it then cannot be cancelled. */
export const signalOf = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal
