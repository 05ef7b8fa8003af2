import { kinds } from '../../../shared/kinds'
import { kindOf } from '../../kinds'
import type { Answer, Symptoms } from '../../kinds/symptoms'
import { isOwn } from '../collect/answers'
import type { Evidence } from '../evidence'
import { line } from '../lines'
import {
  applying,
  connection,
  fixes,
  fixOf,
  got,
  isLetIn,
  isRefused,
  notAsked,
  said,
  sinksOf,
  syncing,
  type Cause,
  type Look,
} from './cause'

/** The credential is right for one layer of the service and is used at another. */
export const wrongLayer: Cause = {
  id: 'wrong-layer',
  severity: 'warning',
  look: (e) => {
    if (!e.answers.stranger || e.answers.stranger.status === null) return null
    return layers[kindOf(e.service.kind).symptoms.layers](e)
  },
}

/** ComfyUI-Login takes the hash as its token; the password opens its form alone. */
function tokenAndForm(e: Evidence): Look | null {
  const { credential, values } = e
  if (!credential || e.answers.stranger?.looks !== 'refusal') return credential ? notAsked() : null
  const scheme = line('credential', { id: credential.id, scheme: credential.scheme })
  if (credential.scheme === 'basic')
    return {
      state: isRefused(e) ? 'proven' : 'present',
      evidence: [scheme, ...said(e, 'stranger', 'ours')],
      problem: 'doctor.wrong-scheme',
      params: { id: credential.id, scheme: credential.scheme, kind: 'ComfyUI-Login' },
      fixes: fixes(connection(e)),
    }
  const mistaken = values.filter(({ isPassword }) => isPassword)
  if (mistaken.length === 0) return { state: 'ruled-out', evidence: [scheme] }
  return {
    state: isRefused(e) ? 'proven' : 'present',
    evidence: [...mistaken.map(({ place }) => line('password-for-token', { place })), ...said(e, 'ours')],
    problem: 'doctor.password-for-token',
    params: { place: mistaken[0]?.place ?? '' },
    fixes: fixes(
      syncing(
        e,
        mistaken.filter(({ sinkId }) => sinkId !== null),
      ),
    ),
  }
}

/** `--api-auth` guards the API alone, `--gradio-auth` the pages alone. */
function apiAndPages(e: Evidence): Look | null {
  const { stranger, config, 'gradio-login': form } = e.answers
  const { credential } = e
  if (!stranger || !isOwn(stranger)) return notAsked()
  if (stranger.status === 200 && config?.status === 401) return apiOpen(e)
  if (!credential) return null
  if (credential.scheme !== 'basic')
    return {
      state: isRefused(e) ? 'proven' : 'present',
      evidence: [line('credential', { id: credential.id, scheme: credential.scheme }), ...said(e, 'stranger', 'ours')],
      problem: 'doctor.wrong-scheme',
      params: { id: credential.id, scheme: credential.scheme, kind: kinds[e.service.kind].name },
      fixes: fixes(connection(e)),
    }
  if (form) return pairs(e, form)
  const off = config ? [line('gradio-off', { answered: got(config) })] : []
  return { state: 'ruled-out', evidence: off.length > 0 ? off : said(e, 'stranger') }
}

/** The pages ask for a pair, and the API lets everybody in. */
function apiOpen(e: Evidence): Look {
  const rule = e.files?.findings.find((finding) => finding.rule === 'forge-api-open')
  const lint =
    rule?.fixId === undefined || rule.fixId === null || !e.files
      ? null
      : fixOf(
          { kind: 'lint-fix', serviceId: e.service.id, fixes: [rule.fixId], files: e.files.states },
          { kind: 'recreate', serviceId: e.service.id },
        )
  return {
    state: 'proven',
    evidence: [
      ...said(e, 'stranger'),
      line('gradio-on'),
      ...(rule ? [line('lint', { file: rule.file, line: rule.line, text: rule.rule })] : []),
    ],
    problem: 'doctor.api-open',
    fixes: fixes(lint, connection(e)),
  }
}

/** Whether the API and the form of the pages take different pairs. */
function pairs(e: Evidence, form: Answer): Look {
  const isFormOpen = form.status === 200
  const gradio = isFormOpen ? line('gradio-accepted') : line('gradio-refused', { answered: got(form) })
  const evidence = [...said(e, 'stranger', 'ours'), gradio]
  if (isRefused(e) && isFormOpen) {
    // The pair of the other flag, where it can be read, is known to be the API's.
    const right = e.values.find(({ isAccepted }) => isAccepted === true)
    const differing = sinksOf(e).filter(({ isSame }) => !isSame)
    const adopt =
      right?.shape &&
      right.where !== 'sink' &&
      fixOf({ kind: 'adopt-live', serviceId: e.service.id, fingerprint: right.shape.print })
    return {
      state: 'proven',
      evidence: [
        ...evidence,
        ...(right?.shape ? [line('accepted', { place: right.place, print: right.shape.print })] : []),
      ],
      fixes: fixes(adopt || null, syncing(e, differing), connection(e)),
    }
  }
  if (isLetIn(e) && !isFormOpen)
    return {
      state: 'proven',
      evidence,
      problem: 'doctor.login-differs',
      fixes: fixes(fixOf(applying(e, e.values)), connection(e)),
    }
  return { state: 'ruled-out', evidence }
}

const layers: Record<Symptoms['layers'], (e: Evidence) => Look | null> = {
  'token-and-form': tokenAndForm,
  'api-and-pages': apiAndPages,
}
