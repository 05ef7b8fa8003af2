import { implement } from '@orpc/server'
import { contract, type Access } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { ApiContext, Caller } from './context'

/** Throws a Problem unless the caller may use a procedure of this access. */
function checkAccess(access: Access, caller: Caller): void {
  switch (access) {
    case 'public':
      return
    case 'user':
      if (caller.role === null) throw new Problem('session.required')
      return
    case 'admin':
      if (caller.role === null) throw new Problem('session.required')
      if (caller.role !== 'admin') throw new Problem('session.forbidden')
      return
  }
}

/** Implements the contract; every procedure is guarded by the access that the contract states. */
export const procedures = implement(contract)
  .$context<ApiContext>()
  .use(({ context, procedure, next }) => {
    checkAccess(procedure['~orpc'].meta.access, context.caller)
    return next()
  })

/** How the caller appears in the audit log. */
export const callerName = (caller: Caller) => (caller.door === 'desktop' ? 'owner' : (caller.role ?? 'stranger'))

/** A direct call may come without a signal; it then cannot be cancelled. */
export const signalOf = (signal: AbortSignal | undefined): AbortSignal => signal ?? new AbortController().signal
