import { line } from '../lines'
import { fixes, fixOf, type Cause } from './cause'

/** It asks for one GPU and works on another. That keeps no credential out: it stands beside what does. */
export const otherCard: Cause = {
  id: 'other-card',
  severity: 'warning',
  look({ card, service: { id, isManaged } }) {
    if (!card) return null
    const { state, reason, fix } = card
    const { meant, found, given, card: same } = reason.params
    switch (state) {
      case 'unclear':
      case 'unknown':
        return null
      case 'agrees':
        return { state: 'ruled-out', evidence: [line('card-same', { card: same ?? '' })] }
      case 'contradicts': {
        const lint = fix && { kind: 'lint-fix' as const, serviceId: id, fixes: [fix.id], files: fix.files }
        const again = fix?.needs === 'recreate' || fix?.needs === 'restart' ? { kind: fix.needs, serviceId: id } : null
        return {
          state: 'present',
          evidence: [line('card-meant', { card: meant ?? '' }), line('card-found', { card: found ?? given ?? '' })],
          params: { id },
          fixes: fixes(lint && fixOf(lint, isManaged ? again : null)),
        }
      }
    }
  },
}
