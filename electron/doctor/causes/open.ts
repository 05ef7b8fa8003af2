import { isOwn } from '../collect/answers'
import { line } from '../lines'
import { connection, fixes, fixOf, isRefused, notAsked, said, sinksOf, syncing, type Cause } from './cause'

/** ComfyUI without ComfyUI-Login, although a credential was meant to close it. */
export const pluginNotLoaded: Cause = {
  id: 'plugin-not-loaded',
  severity: 'danger',
  look(e) {
    const { stranger } = e.answers
    if (!stranger) return null
    if (!isOwn(stranger)) return notAsked()
    if (stranger.status !== 200) return { state: 'ruled-out', evidence: said(e, 'stranger') }
    const { importFailed } = e.log
    const isOff = stranger.flags.includes('--disable-all-custom-nodes')
    const serviceId = e.service.id
    return {
      // Without a credential it may be meant to be open.
      state: e.credential ? 'proven' : 'present',
      evidence: [
        ...said(e, 'stranger'),
        ...stranger.flags.filter((flag) => flag.startsWith('--disable')).map((flag) => line('flag', { flag })),
        ...(importFailed === null ? [] : [line('log', { text: importFailed })]),
      ],
      fixes: fixes(
        isOff ? connection(e) : fixOf({ kind: 'logs', serviceId }),
        e.service.isManaged && !isOff ? fixOf({ kind: 'restart', serviceId }) : null,
      ),
    }
  },
}

/** ComfyUI-Login before its first password: an empty token opens it, and anybody may choose the password. */
export const noPassword: Cause = {
  id: 'no-password',
  severity: 'danger',
  look(e) {
    const { stranger, 'empty-token': empty, 'login-page': page } = e.answers
    if (!stranger) return null
    if (stranger.looks !== 'refusal') return stranger.status === 200 ? null : notAsked()
    const evidence = [
      ...said(e, 'empty-token'),
      ...(page?.looks === 'login-create' ? [line('page-create')] : []),
      ...(page?.looks === 'login-sign-in' ? [line('page-sign-in')] : []),
    ]
    if (empty?.status !== 200 && page?.looks !== 'login-create') return { state: 'ruled-out', evidence }
    const files = sinksOf(e).filter(({ isLoginFile }) => isLoginFile)
    const lines = files.filter(({ state, shape }) => state !== 'read' || shape?.form === 'empty')
    return {
      state: 'proven',
      evidence: [
        ...evidence,
        ...lines.map(({ state, place }) => line(state === 'read' ? 'empty' : 'missing', { place })),
      ],
      // While the token is empty, the file is read again at every request: no restart is needed.
      fixes: fixes(
        syncing(
          e,
          files.map((file) => ({ ...file, needs: 'nothing' })),
        ),
        connection(e),
      ),
    }
  },
}

/** Forge without `--api-auth` and without `--gradio-auth`. */
export const notProtected: Cause = {
  id: 'not-protected',
  severity: 'danger',
  look(e) {
    const { stranger, config } = e.answers
    if (!stranger) return null
    if (!isOwn(stranger)) return notAsked()
    const evidence = said(e, 'stranger', 'config')
    if (stranger.status !== 200) return { state: 'ruled-out', evidence }
    // With a web login alone it is a matter of the layer.
    if (config?.status === 401) return null
    return { state: e.credential ? 'proven' : 'present', evidence, fixes: fixes(connection(e)) }
  },
}

/** The file GUEST_MODE: whoever comes reads everything by GET, the log with the token in it too. */
export const guestMode: Cause = {
  id: 'guest-mode',
  severity: 'danger',
  look(e) {
    const { 'login-page': page, stranger } = e.answers
    if (!stranger) return null
    if (!page || stranger.looks !== 'refusal') return stranger.status === 200 ? null : notAsked()
    const guests = page.page?.guests ?? 'unknown'
    if (guests === 'unknown') return { state: 'unknown', evidence: [...said(e, 'login-page'), line('page-unreadable')] }
    if (guests === 'refused') return { state: 'ruled-out', evidence: [line('page-no-guest')] }
    return {
      state: isRefused(e) ? 'present' : 'proven',
      evidence: [line('page-guest'), ...(e.guestFile === null ? [] : [line('guest-file', { place: e.guestFile })])],
      params: { file: e.guestFile ?? 'login/GUEST_MODE' },
      fixes: [],
    }
  },
}
