import { alertRuleIds, alertRules, type AlertLimits, type AlertRuleId } from '../../shared/alert-rules'
import type { AlertRuleSetting } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { AlertSettings } from './kept'

/** How a rule is set: as somebody has changed it, else as the table says. */
export function settingOf(id: AlertRuleId, { rules }: Pick<AlertSettings, 'rules'>): AlertRuleSetting {
  const { severity, forSec, overSec, limit } = alertRules[id]
  const own = rules[id] ?? {}
  return {
    on: own.on ?? true,
    severity: own.severity ?? severity,
    forSec: own.forSec ?? forSec,
    overSec: own.overSec ?? overSec,
    limit: own.limit ?? (limit ? { begins: limit.begins, ends: limit.ends } : null),
    channels: own.channels ?? null,
  }
}

/** The limits that attention goes by. */
export const limitsOf = (settings: Pick<AlertSettings, 'rules'>): AlertLimits =>
  Object.fromEntries(
    alertRuleIds.flatMap((id) => {
      const { limit } = settingOf(id, settings)
      return limit ? [[id, limit]] : []
    }),
  )

/** Throws `input.invalid` for a limit of a rule that has none, beyond its range, or that ends before it begins. */
export function checkLimit(id: AlertRuleId, limit: AlertRuleSetting['limit'] | undefined): void {
  if (limit === undefined) return
  const own = alertRules[id].limit
  const refused = (why: string) => new Problem('input.invalid', { issues: `limit: ${why}` })
  if ((own === undefined) !== (limit === null)) throw refused('this rule has no limit, or needs one')
  if (own === undefined || limit === null) return
  if (Math.max(limit.begins, limit.ends) > own.most) throw refused(`at most ${own.most}`)
  const isInOrder = own.is === 'above' ? limit.ends <= limit.begins : limit.ends >= limit.begins
  if (!isInOrder) throw refused('it must end where it no longer begins')
}
