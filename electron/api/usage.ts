import { csvOf } from '../usage'
import { seesOnly } from './allowing'
import type { ApiContext } from './context'
import { accountOf, callerName, procedures } from './procedures'

const { usage } = procedures

/** Whose figures are meant: a user's own, whatever he asked for. */
const whose = (asked: string | undefined, context: ApiContext) => seesOnly({ access: 'own' }, context) ?? asked

const standing = (account: string, { parts: { usage: used, access } }: ApiContext) =>
  used.report.now({
    ...{ account, standing: used.standing(account), limits: used.limitsOf(account) },
    keys: access.people.limitedKeysOf(account).map((key) => used.keyStanding(key)),
  })

export const usageRouter = {
  read: usage.read.handler(({ input, context }) =>
    context.parts.usage.report.read({ ...input, user: whose(input.user, context) }),
  ),
  lines: usage.lines.handler(({ input, context }) =>
    context.parts.usage.report.lines({ ...input, user: whose(input.user, context) }),
  ),
  csv: usage.csv.handler(({ input, context }) => {
    const lines = context.parts.usage.report.lines({ ...input, user: whose(input.user, context) })
    const { timeZone } = context.parts.usage.calendar
    const day = new Intl.DateTimeFormat('en-CA', { timeZone }).format(Date.now())
    return new File([csvOf(lines, input)], `regie-usage-${input.by}-${input.per}-${day}.csv`, { type: 'text/csv' })
  }),
  mine: usage.mine.handler(({ context }) => standing(accountOf(context.caller), context)),
  jobs: usage.jobs.handler(({ context }) => context.parts.usage.ownJobs(accountOf(context.caller))),
  cancelJob: usage.cancelJob.handler(async ({ input: { serviceId, id }, context }) => {
    const { caller, parts, seesOnly: account } = context
    const who = parts.access.people.get(accountOf(caller)).name
    const { state, account: by } = await parts.usage.cancelJob({ service: serviceId, id, account, who })
    await parts.audit.append({
      who: callerName(caller),
      action: 'job.cancelled',
      target: serviceId,
      details: { account: by, state },
    })
    return { state }
  }),
  ofUser: usage.ofUser.handler(({ input, context }) => standing(input.id, context)),
}
