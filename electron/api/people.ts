import type { AccountId } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { nameOf } from '../audit/who'
import { sessionOf } from './access'
import type { Caller } from './context'
import { accountOf, callerName, given, procedures } from './procedures'

const { users, invitations, keys } = procedures

/** Where the page takes an invitation. */
const invitationPath = (token: string) => `/#invitation=${token}`

export const usersRouter = {
  list: users.list.handler(({ context }) => context.parts.access.people.list()),
  create: users.create.handler(({ input, context }) =>
    context.parts.access.people.create(
      { ...input, limits: input.limits && given(input.limits) },
      callerName(context.caller),
    ),
  ),
  change: users.change.handler(({ input: { id, limits, ...change }, context }) =>
    context.parts.access.people.change(
      id,
      { ...given(change), ...(limits && { limits: given(limits) }) },
      callerName(context.caller),
    ),
  ),
  remove: users.remove.handler(async ({ input, context }) => {
    await context.parts.access.people.remove(input.id, callerName(context.caller))
    return input
  }),
  invite: users.invite.handler(async ({ input, context }) => {
    const made = await context.parts.access.people.invite(input.id, input.days, callerName(context.caller))
    return { ...made, path: invitationPath(made.token) }
  }),
}

/** Where an invitation comes from, to count wrong ones by. */
const placeOf = ({ from }: Caller) => from ?? 'desktop'

export const invitationsRouter = {
  look: invitations.look.handler(({ input, context }) =>
    context.parts.access.people.lookAtInvitation(input.token, placeOf(context.caller)),
  ),
  accept: invitations.accept.handler(async ({ input, context }) => {
    const { parts, caller, resHeaders } = context
    const { user, key } = await parts.access.people.acceptInvitation(input, {
      from: placeOf(caller),
      who: (account) => nameOf({ ...caller, account }),
    })
    if (!caller.session || !resHeaders) return { ...sessionOf(context, caller), pageKey: null, key }
    const { cookie, pageKey, ...signedIn } = caller.session.open(user.id)
    resHeaders.append('set-cookie', cookie)
    return { ...sessionOf(context, { ...caller, ...signedIn }), pageKey, key }
  }),
}

export const keysRouter = {
  list: keys.list.handler(({ input, context }) =>
    context.parts.access.people.keys(context.seesOnly ?? input.userId ?? null),
  ),
  create: keys.create.handler(({ input, context }) => {
    const { parts, caller, seesOnly } = context
    const userId: AccountId = input.userId ?? accountOf(caller)
    if (seesOnly !== null && userId !== seesOnly) throw new Problem('session.forbidden')
    for (const id of input.services ?? []) parts.services.get(id)
    return parts.access.people.createKey(
      { ...input, userId, limits: input.limits && given(input.limits) },
      callerName(caller),
    )
  }),
  change: keys.change.handler(({ input: { id, limits, ...change }, context }) =>
    context.parts.access.people.changeKey(
      id,
      { ...given(change), ...(limits && { limits: given(limits) }) },
      callerName(context.caller),
    ),
  ),
  end: keys.end.handler(({ input, context }) =>
    context.parts.access.people.endKey(input.id, callerName(context.caller)),
  ),
  rotate: keys.rotate.handler(({ input, context }) =>
    context.parts.access.people.rotateKey(input.id, input.graceS, callerName(context.caller)),
  ),
}
