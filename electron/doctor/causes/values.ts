import type { DoctorAct, DoctorFix } from '../../../shared/contract'
import type { Evidence, SeenValue } from '../evidence'
import { line } from '../lines'
import { isMangled } from '../shape'
import { isBehindProxy } from './reach'
import {
  applying,
  comparedLine,
  connection,
  fixes,
  fixOf,
  isMain,
  isRefused,
  mainFieldOf,
  said,
  sinksOf,
  syncing,
  triedLine,
  type Cause,
  type Look,
} from './cause'

const isWhole = ({ state, shape }: SeenValue) =>
  state === 'read' && shape !== null && shape.form !== 'empty' && !isMangled(shape) && !shape.hasMark

/** Takes what a place holds into the vault, by the credential's own procedure where it is a sink. */
function adopting(e: Evidence, value: SeenValue): DoctorFix | null {
  const { sinkId, shape } = value
  if (!e.credential || shape === null) return null
  if (sinkId !== null) return fixOf({ kind: 'adopt', credentialId: e.credential.id, sinkId })
  return fixOf({ kind: 'adopt-live', serviceId: e.service.id, fingerprint: shape.print })
}

/** Another user name than the vault's, where the name counts: HTTP Basic. */
export const userName: Cause = {
  id: 'user-name',
  severity: 'warning',
  look(e) {
    if (e.credential?.scheme !== 'basic') return null
    const names = e.values.filter(({ field, state }) => field === 'username' && state === 'read')
    const [other] = names.filter(({ isSame }) => !isSame)
    if (!other) {
      const evidence = names.map(({ place }) => line('same-name', { place }))
      return {
        state: evidence.length > 0 ? 'ruled-out' : 'unknown',
        evidence: evidence.length > 0 ? evidence : [line('nothing-to-compare')],
      }
    }
    const isProof = isRefused(e) && other.isAccepted === true
    return {
      state: isProof ? 'proven' : 'present',
      evidence: [
        line('differs-name', { place: other.place }),
        ...said(e, 'ours'),
        ...(other.isAccepted === true ? [line('accepted-name', { place: other.place })] : []),
      ],
      params: { place: other.place },
      fixes: fixes(
        isProof ? adopting(e, other) : null,
        syncing(
          e,
          sinksOf(e).filter((sink) => sink === other),
        ),
      ),
    }
  },
}

/** Every file is right, and the program still holds what it read before. */
export const stale: Cause = {
  id: 'stale',
  severity: 'warning',
  look(e) {
    if (!e.credential) return null
    const { previous, log, credential } = e
    const sinks = sinksOf(e).filter((value) => isMain(e, value))
    const right = sinks.filter(({ isSame, shape }) => isSame && shape?.hasMark === false)
    const printed =
      log.printedToken === null || mainFieldOf(e) !== 'token'
        ? []
        : log.printedToken === credential.print
          ? [line('printed-same', { print: log.printedToken })]
          : [line('printed', { print: log.printedToken, vault: credential.print ?? '–' })]
    if (!isRefused(e)) return { state: 'ruled-out', evidence: [...said(e, 'ours'), ...printed] }
    if (sinks.length === 0) return { state: 'unknown', evidence: [line('nothing-to-compare')] }
    if (right.length < sinks.length)
      return {
        state: 'ruled-out',
        evidence: sinks.filter((sink) => !right.includes(sink)).map((sink) => comparedLine(sink, e)),
      }
    // A variable keeps what it was given when the container was made.
    const old = e.values.filter(
      (value) =>
        value.where === 'environment' &&
        isMain(e, value) &&
        !value.isSame &&
        isWhole(value) &&
        (value.isAskedFor || right.some(({ key }) => key === value.key)),
    )
    // The container's own file says more than the host's: what stands there is what a restart would read.
    const inside = e.values.filter(({ where }) => where === 'container-file')
    const isPrinted = log.printedToken !== null && log.printedToken === credential.print && old.length === 0
    const isElsewhere = isPrinted || (inside.length > 0 && inside.every(({ isSame }) => !isSame) && old.length === 0)
    const isHeld =
      old.length > 0 ||
      previous?.isAccepted === true ||
      (log.printedToken !== null && log.printedToken !== credential.print && mainFieldOf(e) === 'token') ||
      right.some(({ isNewer }) => isNewer === true) ||
      // The one file that ComfyUI-Login reads is right: only what it holds in memory can be another.
      (right.some(({ isLoginFile }) => isLoginFile) && !isBehindProxy(e))
    const newer = right.filter(({ isNewer }) => isNewer === true)
    const evidence = [
      ...right.map((value) => comparedLine(value, e)),
      ...old.map((value) => comparedLine(value, e)),
      ...said(e, 'ours'),
      ...(previous?.isAccepted === true ? [line('previous-accepted', { print: previous.print })] : []),
      ...printed,
      ...newer.map(({ place }) => line('newer', { place })),
    ]
    if (isElsewhere || !isHeld) return { state: isElsewhere ? 'ruled-out' : 'unknown', evidence }
    const serviceId = e.service.id
    const act: DoctorAct | null =
      old.length > 0 && e.service.isManaged ? { kind: 'recreate', serviceId } : applying(e, right)
    return {
      state: 'proven',
      evidence,
      problem: act?.kind === 'recreate' ? 'doctor.stale-environment' : 'doctor.stale',
      params: { id: serviceId, place: (old[0] ?? right[0])?.place ?? '' },
      fixes: fixes(fixOf(act)),
    }
  },
}

/**
 * A service that somebody else runs refuses the vault's secret, though no place that Regie can see holds another: it
 * was given another one where it is run. Behind a proxy that may have kept the secret, that is not proven.
 */
function heldElsewhere(e: Evidence, places: readonly SeenValue[]): Look | null {
  const isAllSame = places.every(({ isSame }) => isSame)
  if (e.service.runtime !== 'external' || !isRefused(e) || !isAllSame) return null
  return {
    state: isBehindProxy(e) ? 'present' : 'proven',
    evidence: [
      ...said(e, 'stranger', 'ours'),
      ...(places.length === 0 ? [line('no-places')] : places.map((value) => comparedLine(value, e))),
    ],
    problem: 'doctor.other-secret-outside',
    params: { url: e.service.url },
    fixes: fixes(connection(e)),
  }
}

/** The service was given another secret than the vault has, or none. */
export const otherSecret: Cause = {
  id: 'other-secret',
  severity: 'warning',
  look(e) {
    if (!e.credential) return null
    const places = e.values.filter((value) => isMain(e, value))
    const elsewhere = heldElsewhere(e, places)
    if (elsewhere) return elsewhere
    if (places.length === 0) return { state: 'unknown', evidence: [line('no-places')] }
    const other = places.filter((value) => !value.isSame && isWhole(value) && !value.isPassword)
    const gone = sinksOf(e).filter(
      (value) => isMain(e, value) && (value.state !== 'read' || value.shape?.form === 'empty'),
    )
    const accepted = other.find(({ isAccepted }) => isAccepted === true)
    const concerned = [...other, ...gone]
    if (concerned.length === 0)
      return {
        state: 'ruled-out',
        evidence: places.filter(({ isSame }) => isSame).map((value) => comparedLine(value, e)),
      }
    const sinks = sinksOf(e).filter((sink) => concerned.includes(sink))
    const evidence = [
      ...other.map((value) => comparedLine(value, e)),
      ...gone.map(({ place, state }) => line(state === 'unreadable' ? 'unreadable' : 'missing', { place })),
      ...said(e, 'ours'),
      ...other.flatMap(triedLine),
    ]
    const isProof = isRefused(e) && (accepted !== undefined || sinks.length > 0)
    return {
      state: isProof ? 'proven' : 'present',
      evidence,
      problem: accepted ? 'doctor.other-secret' : 'doctor.other-secret-written',
      params: { place: (accepted ?? concerned[0])?.place ?? '' },
      fixes: fixes(accepted ? adopting(e, accepted) : null, syncing(e, sinks)),
    }
  },
}
