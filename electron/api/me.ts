import { Problem } from '../../shared/problems'
import { loginsOf, type Login } from '../people'
import { accountOf, callerName, given, procedures } from './procedures'

const { me } = procedures

export const meRouter = {
  account: me.account.handler(({ context }) => context.parts.access.people.get(accountOf(context.caller))),
  setPassword: me.setPassword.handler(async ({ input, context: { parts, caller } }) => {
    if (caller.keyId !== null) throw new Problem('key.no-proof')
    const account = accountOf(caller)
    const logins: readonly Login[] = caller.door === 'desktop' ? ['desktop'] : loginsOf(account, caller.from)
    await parts.access.setOwnPassword({ ...input, account, logins, by: caller.presence, who: callerName(caller) })
    return parts.access.people.get(account)
  }),
  preferences: me.preferences.handler(({ context }) => context.parts.preferences.read(accountOf(context.caller))),
  changePreferences: me.changePreferences.handler(({ input, context }) =>
    context.parts.preferences.change(accountOf(context.caller), given(input)),
  ),
}
