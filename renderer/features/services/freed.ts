import type { FreedMemory } from '../../../shared/contract'
import { describeReason } from '../../i18n'
import { showDone } from '../../ui/toast'

/** Says what unloading gave back, with the restart where one gives back what is left. */
export function showFreed({ words, restartHelps }: FreedMemory, restart?: { label: string; run: () => void }): void {
  const { message, hint } = describeReason(words)
  showDone(message, { message: hint, act: restartHelps ? restart : undefined })
}
