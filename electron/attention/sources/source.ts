import { alertRules, type AlertLimit, type AlertLimits, type AlertRuleId } from '../../../shared/alert-rules'
import type { AttentionItem, AttentionKind } from '../../../shared/contract'

/** What one source has found; null where it cannot be told now. */
export type Found = readonly AttentionItem[] | null

/** Something that may need a person: one kind of item, and where it is read. */
export interface Source {
  kind: AttentionKind
  find: (limitOf: (rule: AlertRuleId) => AlertLimit, now: number) => Found | Promise<Found>
}

const noLimit: AlertLimit = { begins: 0, ends: 0 }

/**
 * What all sources find, and the kinds of those that cannot tell. One that fails cannot tell, and keeps no other from
 * being read.
 */
export async function readSources(
  sources: readonly Source[],
  limits: AlertLimits,
  reportBug: (error: unknown) => void,
): Promise<{ found: AttentionItem[]; unknown: AttentionKind[] }> {
  const limitOf = (rule: AlertRuleId) => limits[rule] ?? alertRules[rule].limit ?? noLimit
  const now = Date.now()
  const read = await Promise.all(
    sources.map(async ({ kind, find }) => {
      try {
        return { kind, items: await find(limitOf, now) }
      } catch (error) {
        reportBug(error)
        return { kind, items: null }
      }
    }),
  )
  return {
    found: read.flatMap(({ items }) => items ?? []),
    unknown: read.flatMap(({ kind, items }) => (items === null ? [kind] : [])),
  }
}
