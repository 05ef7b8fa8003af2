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
    const { stranger, ping, extension } = e.answers
    if (!stranger || stranger.status === null) return null
    if (stranger.status !== 404) return { state: 'ruled-out', evidence: said(e, 'stranger') }
    const isWebui = ping?.looks === 'empty-object' || isGradio(e)
    const { brokenApiAuth, webThread } = e.log
    const words = brokenApiAuth ?? webThread
    const evidence = [
      ...said(e, 'stranger', 'ping', 'extension'),
      ...(words === null ? [] : [line('log', { text: words })]),
    ]
    // Routes of extensions come last: where they are, everything was added that was asked for.
    const isWhole = extension?.status === 200
    if (!isWebui && !isWhole && words === null) return { state: 'unknown', evidence }
    const { id } = e.service
    const restart = e.service.isManaged ? fixOf({ kind: 'restart', serviceId: id }) : null
    if (!isWhole && brokenApiAuth === null && webThread !== null)
      return {
        state: 'proven',
        evidence,
        problem: 'doctor.web-thread-ended',
        params: { id, line: webThread },
        fixes: fixes(restart, connection(e)),
      }
    const isBroken = !isWhole && brokenApiAuth !== null
    // Without a log it cannot be told from a start that is under way.
    const isMissing = !isWhole && !isBroken && ping?.looks === 'empty-object'
    const differing = sinksOf(e).filter(({ isSame }) => !isSame)
    return {
      state: 'proven',
      evidence,
      problem: isBroken ? 'doctor.api-auth-broken' : isMissing ? 'doctor.api-missing' : 'doctor.api-off',
      fixes: fixes(isBroken ? syncing(e, differing) : null, connection(e)),
    }
  },
}
