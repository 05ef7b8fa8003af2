import type { Session, SignedInSession } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { ApiContext, Caller } from './context'
import { callerName, procedures } from './procedures'

const { access, session, desktop } = procedures

/** Who is here, and what of it waits for a password. */
export const sessionOf = ({ parts: { access, owner } }: Pick<ApiContext, 'parts'>, caller: Caller): Session => ({
  role: caller.role,
  account: caller.account,
  door: caller.door,
  locked: caller.presence?.isLocked() ?? false,
  adminOnDemand: caller.door === 'desktop' && owner.isOnDemand(),
  adminUntil: caller.door === 'desktop' ? owner.adminUntil() : null,
  passwords: access.status().passwords,
})

export const sessionRouter = {
  current: session.current.handler(({ context }) => sessionOf(context, context.caller)),
  signIn: session.signIn.handler(async ({ input, context }) => {
    const { caller, resHeaders } = context
    if (!caller.session || !resHeaders) return { ...sessionOf(context, caller), pageKey: null }
    const { role, account, presence, cookie, pageKey } = await caller.session.signIn(input)
    resHeaders.append('set-cookie', cookie)
    return { ...sessionOf(context, { ...caller, role, account, presence }), pageKey }
  }),
  signOut: session.signOut.handler(({ context }) => {
    const { caller, resHeaders } = context
    if (!caller.session || !resHeaders) return sessionOf(context, caller)
    resHeaders.append('set-cookie', caller.session.signOut().cookie)
    return sessionOf(context, { ...caller, role: null, account: null, presence: null })
  }),
  prove: session.prove.handler(async ({ input, context }) => {
    await context.caller.presence?.prove(input)
    return sessionOf(context, context.caller)
  }),
  printCode: session.printCode.handler(({ context }) => ({ printed: context.caller.session?.printCode() ?? false })),
  lock: session.lock.handler(({ context }) => {
    context.caller.presence?.lock()
    return sessionOf(context, context.caller)
  }),
  unlock: session.unlock.handler(async ({ input, context }) => {
    if (!context.caller.presence) throw new Problem('session.required')
    await context.caller.presence.unlock(input.password)
    return sessionOf(context, context.caller)
  }),
  touch: session.touch.handler(({ context }) => {
    context.caller.presence?.touch()
    return {}
  }),
}

const changing = (caller: Caller) => ({
  login: caller.door === 'desktop' ? ('desktop' as const) : ('admin' as const),
  by: caller.presence,
  who: callerName(caller),
})

/** Writes down which sessions somebody ended; answers how many. */
async function noteEnded({ parts, caller }: ApiContext, sessions: readonly SignedInSession[]) {
  const who = callerName(caller)
  for (const { account, from } of sessions)
    await parts.audit.append({
      ...{ who, action: 'access.session-ended', target: '' },
      details: { account, ...(from !== null && { from }) },
    })
  return { ended: sessions.length }
}

export const accessRouter = {
  status: access.status.handler(({ context }) => context.parts.access.status()),
  change: access.change.handler(({ input, context }) =>
    context.parts.access.setAutoLock(input.autoLockMinutes, callerName(context.caller)),
  ),
  sessions: access.sessions.handler(({ context }) => context.caller.session?.list() ?? []),
  endSession: access.endSession.handler(async ({ input, context }) => {
    // Over the desktop's door nobody signs in.
    if (!context.caller.session) throw new Problem('session.not-found', { id: input.id })
    return noteEnded(context, [context.caller.session.end(input.id)])
  }),
  endOtherSessions: access.endOtherSessions.handler(({ context }) =>
    noteEnded(context, context.caller.session?.endOthers() ?? []),
  ),
  proxies: access.proxies.handler(({ context }) => context.parts.trustedProxies.status()),
  setProxies: access.setProxies.handler(({ input, context }) =>
    context.parts.trustedProxies.set(input.addresses, callerName(context.caller)),
  ),
  addresses: access.addresses.handler(({ context }) => context.parts.publicAddresses.status()),
  setAddresses: access.setAddresses.handler(({ input, context }) =>
    context.parts.publicAddresses.set(input.addresses, callerName(context.caller)),
  ),
  setPassword: access.setPassword.handler(({ input, context }) =>
    context.parts.access.setPassword({ ...input, ...changing(context.caller) }),
  ),
  removePassword: access.removePassword.handler(({ input, context }) =>
    context.parts.access.setPassword({ ...input, password: null, ...changing(context.caller) }),
  ),
}

/** What guards secrets on this desktop; throws for a caller who is not at it. */
function secretsOf({ parts, caller }: ApiContext) {
  if (!parts.desktop || caller.door !== 'desktop') throw new Problem('desktop.unavailable')
  return parts.desktop.secrets
}

export const desktopRouter = {
  copySecret: desktop.copySecret.handler(({ input, context }) => secretsOf(context).copy(input.text)),
  clearClipboard: desktop.clearClipboard.handler(async ({ context }) => {
    await secretsOf(context).clear()
    return {}
  }),
  secretHidden: desktop.secretHidden.handler(({ context }) => {
    secretsOf(context).hidden()
    return {}
  }),
}
