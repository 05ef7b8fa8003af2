import type { AttentionGroup, AttentionItem, AttentionKind } from '../../shared/contract'

/** What grows worse by itself, or ends at a time that is known. */
const soon: ReadonlySet<AttentionKind> = new Set([
  'gpu-hot',
  'gpu-slowed',
  'gpu-full',
  'disk-low',
  'queue-stuck',
  'golden-slower',
  'rotation-due',
  'rotation-postponed',
  'certificate-ending',
  'key-ending',
])

/** What is asked of a person by something that needs one. */
export function groupOf({ kind, urgent }: Pick<AttentionItem, 'kind' | 'urgent'>): AttentionGroup {
  if (urgent) return 'blocks'
  return soon.has(kind) ? 'soon' : 'decide'
}
