import { accountOf, given, procedures } from './procedures'

const { me } = procedures

export const meRouter = {
  preferences: me.preferences.handler(({ context }) => context.parts.preferences.read(accountOf(context.caller))),
  changePreferences: me.changePreferences.handler(({ input, context }) =>
    context.parts.preferences.change(accountOf(context.caller), given(input)),
  ),
}
