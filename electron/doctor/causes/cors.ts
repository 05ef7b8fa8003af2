import { line } from '../lines'
import { connection, fixes, isLetIn, isRefused, notAsked, said, type Cause } from './cause'

/** `--enable-cors-header ORIGIN`: ComfyUI-Login looks at a token only when the request names that very origin. */
export const corsOrigin: Cause = {
  id: 'cors-origin',
  severity: 'warning',
  look(e) {
    const { stranger } = e.answers
    if (!stranger) return null
    if (stranger.looks !== 'refusal') {
      // Without CORS a foreign Origin, added on the way, is refused with an empty 403 before anything else.
      if (stranger.status !== 403 || stranger.looks !== 'empty' || isLetIn(e)) return notAsked()
      return {
        state: 'proven',
        evidence: said(e, 'stranger'),
        problem: 'doctor.origin-refused',
        fixes: fixes(connection(e)),
      }
    }
    const origin = stranger.allowOrigin
    if (origin === null) return { state: 'ruled-out', evidence: [line('no-cors')] }
    const header = line('header', { asked: stranger.asked, name: 'Access-Control-Allow-Origin', value: origin })
    const evidence = [header, ...said(e, 'ours', 'with-origin')]
    if (origin === '*') return { state: 'ruled-out', evidence: [header] }
    const isProof = isRefused(e) && e.answers['with-origin']?.status === 200
    return { state: isProof ? 'proven' : 'present', evidence, params: { origin }, fixes: fixes(connection(e)) }
  },
}
