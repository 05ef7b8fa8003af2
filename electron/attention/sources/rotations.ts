import type { Rotation } from '../../../shared/contract'
import { told } from '../items'
import type { Source } from './source'

/** One that was rolled back is told of for so long, in ms: the old secret works, and nobody need hurry. */
const rolledBackMs = 7 * 24 * 3600_000

interface Rotated {
  /** The last rotation of each credential; null while the vault is closed. */
  last: () => readonly Rotation[] | null
}

/** Credentials whose last rotation failed; one that somebody cancelled did not. */
export const rotationSource = ({ last }: Rotated): Source => ({
  kind: 'rotation-failed',
  find: (_, now) =>
    last()?.flatMap(({ credentialId: id, state, reason, finishedAt }) => {
      const isRecent = now - (finishedAt ?? now) < rolledBackMs
      const isBack = state === 'rolled-back' && reason?.problem !== 'rotation.cancelled' && isRecent
      if (state !== 'failed' && !isBack) return []
      const about = { subject: id, reason, since: finishedAt, urgent: state === 'failed' }
      return [told({ id: `rotation ${id}`, kind: 'rotation-failed', ...about, leadsTo: { page: 'credentials', id } })]
    }) ?? null,
})
