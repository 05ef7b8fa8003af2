import { alertRuleOf, type AlertRuleId } from '../../shared/alert-rules'
import type { Attention, AttentionItem, AlertRuleSetting, SnoozedAttention } from '../../shared/contract'
import type { KeptAlert } from './kept'

/** A thing that a rule is about, not yet for long enough. */
interface Pending {
  rule: AlertRuleId
  kind: AttentionItem['kind']
  subject: string | null
  /** On the steady clock, in ms. */
  from: number
  since: number
}

/** What is remembered between two looks. Times of `pending` and `clearing` are on the steady clock, which never jumps. */
export interface Memory {
  /** What fires, by what it is about. */
  firing: Map<string, KeptAlert>
  pending: Map<string, Pending>
  clearing: Map<string, number>
  /** Until when what fires was put aside, in Unix ms; null: until it is otherwise. */
  aside: Map<string, number | null>
  /** Until then, on the steady clock, nothing counts as over: after a start most is not known yet. */
  settledAt: number
}

export const newMemory = (alerts: readonly KeptAlert[], settledAt: number): Memory => ({
  firing: new Map(alerts.flatMap((alert) => (alert.overAt === null ? [[alert.about, alert]] : []))),
  ...{ pending: new Map(), clearing: new Map(), aside: new Map(), settledAt },
})

export interface Look {
  attention: Pick<Attention, 'unknown'> & {
    items: readonly AttentionItem[]
    /** What was put aside: it is neither raised nor over. */
    snoozed?: readonly (AttentionItem & Pick<SnoozedAttention, 'snooze'>)[]
  }
  setting: (rule: AlertRuleId) => AlertRuleSetting
  newId: () => string
  /** Unix ms, for people; it may jump. */
  now: number
  /** In ms from any beginning. */
  steady: number
}

export interface Outcome {
  raised: KeptAlert[]
  over: KeptAlert[]
  /** Those that ended without a word: their rule was switched off, or a worse one has taken their place. */
  dropped: KeptAlert[]
  /** When something is due though nothing happens, in ms; null: never. */
  nextMs: number | null
}

interface Wanted {
  item: AttentionItem
  rule: AlertRuleId
}

/** What the rules that are on are about. */
function wantedOf({ attention, setting }: Look): Map<string, Wanted> {
  const wanted = attention.items.flatMap((item) => {
    const rule = alertRuleOf(item)
    return rule !== null && setting(rule).on ? [[item.id, { item, rule }] as const] : []
  })
  return new Map(wanted)
}

const partsOf = ({ kind, subject, count, reason, leadsTo }: AttentionItem) => ({
  ...{ kind, subject, count, leadsTo },
  ...(reason && { reason }),
})

function raise({ item, rule }: Wanted, since: number, look: Look): KeptAlert {
  const { severity } = look.setting(rule)
  return {
    ...{ id: look.newId(), rule, severity, about: item.id, ...partsOf(item) },
    ...{ since, raisedAt: look.now, overAt: null, deliveries: [], isTold: false },
  }
}

/** Leaves what was put aside as it is: what fires goes on to, and nothing begins. */
function keepAside(memory: Memory, { attention: { snoozed = [] } }: Look): void {
  memory.aside = new Map(snoozed.map(({ id, snooze }) => [id, snooze.until]))
  for (const { id } of snoozed) {
    memory.pending.delete(id)
    memory.clearing.delete(id)
  }
}

/** Takes one look: what begins, what goes on, and for how long it has. */
function goOn(memory: Memory, wanted: ReadonlyMap<string, Wanted>, look: Look, outcome: Outcome): number[] {
  return [...wanted].flatMap(([about, one]) => {
    const firing = memory.firing.get(about)
    if (firing?.rule === one.rule) {
      memory.clearing.delete(about)
      memory.pending.delete(about)
      const until = memory.aside.get(about)
      // Its time has come, or it is worse: whoever put it aside is told again.
      if (until !== undefined && ((until !== null && look.now >= until) || one.item.count > firing.count))
        firing.isTold = false
      Object.assign(firing, partsOf(one.item))
      return []
    }
    const known = memory.pending.get(about)
    const { kind, subject } = one.item
    const begun = { rule: one.rule, kind, subject, from: look.steady, since: look.now }
    const pending = known?.rule === one.rule ? known : begun
    memory.pending.set(about, pending)
    const leftMs = look.setting(one.rule).forSec * 1000 - (look.steady - pending.from)
    if (leftMs > 0) return [leftMs]
    memory.pending.delete(about)
    memory.clearing.delete(about)
    if (firing) outcome.dropped.push(firing)
    const alert = raise(one, Math.min(one.item.since ?? pending.since, pending.since), look)
    memory.firing.set(about, alert)
    outcome.raised.push(alert)
    return []
  })
}

/** Whether it cannot be told just now if something still is: a service that is started again has not come right yet. */
const isUnknown = ({ kind, subject }: Pick<KeptAlert, 'kind' | 'subject'>, { attention }: Look): boolean =>
  attention.unknown.kinds.includes(kind) || (subject !== null && attention.unknown.services.includes(subject))

/** The same for what is no longer there, or of which it cannot be told whether it is. */
function letGo(memory: Memory, wanted: ReadonlyMap<string, Wanted>, look: Look, outcome: Outcome): number[] {
  return [...memory.firing].flatMap(([about, alert]) => {
    if (wanted.has(about) || memory.aside.has(about)) return []
    if (!look.setting(alert.rule).on) {
      memory.firing.delete(about)
      outcome.dropped.push(alert)
      return []
    }
    if (isUnknown(alert, look) || look.steady < memory.settledAt) {
      memory.clearing.delete(about)
      return [Math.max(0, memory.settledAt - look.steady)].filter((ms) => ms > 0)
    }
    const from = memory.clearing.get(about) ?? look.steady
    memory.clearing.set(about, from)
    const leftMs = look.setting(alert.rule).overSec * 1000 - (look.steady - from)
    if (leftMs > 0) return [leftMs]
    memory.clearing.delete(about)
    memory.firing.delete(about)
    outcome.over.push(alert)
    return []
  })
}

/**
 * One look at what needs attention: which alerts are raised, and which are over. Changes the memory and the alerts in it,
 * and nothing else.
 */
export function step(memory: Memory, look: Look): Outcome {
  const outcome: Outcome = { raised: [], over: [], dropped: [], nextMs: null }
  const wanted = wantedOf(look)
  // Before what is put aside now is known: what comes back is told by when it was to.
  const begun = goOn(memory, wanted, look, outcome)
  keepAside(memory, look)
  const lefts = [...begun, ...letGo(memory, wanted, look, outcome)]
  for (const [about, pending] of memory.pending)
    if (!wanted.has(about) && !isUnknown(pending, look)) memory.pending.delete(about)
  for (const ended of [...outcome.over, ...outcome.dropped]) ended.overAt = look.now
  return { ...outcome, nextMs: lefts.length === 0 ? null : Math.min(...lefts) }
}
