import { line } from '../lines'
import { isGradio } from './reach'
import { connection, fixes, fixOf, said, sinksOf, syncing, type Cause } from './cause'

/** The service wants a credential, and Regie has none for it. */
export const noCredential: Cause = {
  id: 'no-credential',
  severity: 'warning',
  look(e) {
    const { stranger } = e.answers
    const { credential } = e
    if (credential)
      return { state: 'ruled-out', evidence: [line('credential', { id: credential.id, scheme: credential.scheme })] }
    if (e.vault === 'closed' || !stranger?.refused) return null
    return {
      state: 'proven',
      evidence: [line('no-credential'), ...said(e, 'stranger')],
      fixes: fixes(connection(e)),
    }
  },
}

export const vaultLocked: Cause = {
  id: 'vault-locked',
  severity: 'warning',
  look(e) {
    if (e.vault === 'open') return { state: 'ruled-out', evidence: [line('vault-open')] }
    return {
      state: e.answers.stranger?.refused ? 'proven' : 'present',
      evidence: [line('vault-closed'), ...said(e, 'stranger')],
      fixes: fixes(fixOf({ kind: 'unlock' })),
    }
  },
}

/** Forge without `--api`, or with an `--api-auth` that it could not split. */
export const apiOff: Cause = {
  id: 'api-off',
  severity: 'warning',
  look(e) {
    const { stranger, ping } = e.answers
    if (e.service.kind !== 'forge' || !stranger || stranger.status === null) return null
    if (stranger.status !== 404) return { state: 'ruled-out', evidence: said(e, 'stranger') }
    // A broken `--api-auth` ends the thread that would have added /internal/ping too.
    const isForge = ping?.looks === 'empty-object' || isGradio(e)
    const { brokenApiAuth } = e.log
    const evidence = [
      ...said(e, 'stranger', 'ping'),
      ...(brokenApiAuth === null ? [] : [line('log', { text: brokenApiAuth })]),
    ]
    if (!isForge && brokenApiAuth === null) return { state: 'unknown', evidence }
    const differing = sinksOf(e).filter(({ isSame }) => !isSame)
    return {
      state: 'proven',
      evidence,
      problem: brokenApiAuth === null ? 'doctor.api-off' : 'doctor.api-auth-broken',
      fixes: fixes(brokenApiAuth === null ? null : syncing(e, differing), connection(e)),
    }
  },
}
