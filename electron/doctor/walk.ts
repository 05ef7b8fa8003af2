import type { CauseId, Diagnosis, DoctorFinding } from '../../shared/contract'
import { reason, type ProblemId } from '../../shared/problems'
import { allKinds, kindOf } from '../kinds'
import { causes, type Cause, type Look } from './causes'
import { isLetIn } from './causes/cause'
import type { Evidence } from './evidence'

export type Verdict = Pick<Diagnosis, 'verdict' | 'cause' | 'findings'>

/** The words of each cause; a look may have closer ones. */
const wordsOf = ({ id }: Cause, { problem, params = {} }: Look) => {
  const own: ProblemId = `doctor.${id}`
  return reason(problem ?? own, params)
}

/** Causes that do not exist for every kind. */
const ofOneKind: ReadonlySet<CauseId> = new Set(allKinds.flatMap(({ symptoms }) => symptoms.causes))

const rank: Record<DoctorFinding['state'], number> = { cause: 0, present: 1, unknown: 2, 'ruled-out': 3 }

/**
 * Walks the causes over the evidence. The first that is proven is named; further ones that are so stand beside it. A
 * pure function.
 */
export function walk(evidence: Evidence, all: readonly Cause[] = causes): Verdict {
  const { symptoms } = kindOf(evidence.service.kind)
  const looks = all.flatMap((cause) => {
    if (ofOneKind.has(cause.id) && !symptoms.causes.includes(cause.id)) return []
    const look = cause.look(evidence)
    return look ? [{ cause, look }] : []
  })
  const named = looks.find(({ look }) => look.state === 'proven')
  const findings = looks.map(({ cause, look }): DoctorFinding => {
    const { state } = look
    const isSo = state === 'proven' || state === 'present'
    return {
      cause: cause.id,
      state: named?.cause === cause ? 'cause' : state === 'proven' ? 'present' : state,
      severity: cause.severity,
      ...(isSo ? { reason: wordsOf(cause, look) } : {}),
      evidence: look.evidence,
      fixes: isSo ? (look.fixes ?? []) : [],
    }
  })
  const verdict = named ? 'named' : isLetIn(evidence) ? 'well' : 'unknown'
  return {
    verdict,
    cause: named?.cause.id ?? null,
    findings: findings.toSorted((a, b) => rank[a.state] - rank[b.state]),
  }
}
