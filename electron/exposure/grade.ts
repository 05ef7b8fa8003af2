import type {
  ExposureBinding,
  ExposureFinding,
  ExposureGrade,
  ExposureOrigin,
  ExposureRow,
  ExposureVerdict,
  ServiceKind,
} from '../../shared/contract'
import { reason, type ProblemId, type ProblemParams } from '../../shared/problems'
import { kindOf } from '../kinds'

export interface ExposureEvidence {
  kind: ServiceKind
  isTls: boolean
  origins: readonly ExposureOrigin[]
  rows: readonly ExposureRow[]
  binding: ExposureBinding | null
}

/** Who can do it: whoever reaches this machine over a network, or only what runs on this machine. */
type Reach = 'network' | 'local'

/**
 * The rule, worst first. A service's grade is that of its worst finding; without any it is A.
 *
 * | what a stranger gets                                      | over the network | on this machine |
 * | --------------------------------------------------------- | ---------------- | --------------- |
 * | control: pictures, queue, logs, the whole backend         | F                | D               |
 * | an answer that proves nothing, where control is at stake  | E                | C               |
 * | data: saved workflows and settings                        | D                | B               |
 * | facts: versions, lists, load                              | C                | A               |
 * | nothing, but the way there is plain HTTP                  | B                | A               |
 *
 * A live binding that is wider than the one in the Compose files is a C of its own.
 */
export const gradeRule = {
  control: { network: 'F', local: 'D' },
  unclear: { network: 'E', local: 'C' },
  data: { network: 'D', local: 'B' },
  facts: { network: 'C', local: 'A' },
  plain: { network: 'B', local: 'A' },
} as const satisfies Record<string, Record<Reach, ExposureGrade>>

type Kind = keyof typeof gradeRule

const isLetIn = (row: ExposureRow, verdict: string | null) =>
  verdict === 'exposed' || (verdict === 'open' && row.stake === 'facts')

/** The widest reach of the cells that `counts`; null when there are none. */
function reachOf(
  row: ExposureRow,
  evidence: ExposureEvidence,
  counts: (verdict: string | null) => boolean,
): Reach | null {
  const from = row.cells.filter(({ verdict }) => counts(verdict)).map(({ origin }) => evidence.origins[origin]?.scope)
  if (from.length === 0) return null
  if (from.includes('machine')) return 'network'
  // No address of a network could be asked: then the binding tells.
  const wasAsked = evidence.origins.some(({ scope }) => scope === 'machine')
  return !wasAsked && evidence.binding?.reach === 'network' ? 'network' : 'local'
}

interface Found {
  kind: Kind
  reach: Reach
  row: ExposureRow
}

const mostNamed = 4

/** The questions of a finding in a line, a few by name. */
function named(rows: readonly ExposureRow[]): string {
  const shown = [...new Set(rows.map(({ surface }) => surface))]
  const more = shown.length - mostNamed
  return shown.slice(0, mostNamed).join(', ') + (more > 0 ? `, +${more}` : '')
}

function finding(
  kind: Kind,
  reach: Reach,
  problem: ProblemId,
  rows: readonly ExposureRow[],
  params: ProblemParams = {},
) {
  return {
    grade: gradeRule[kind][reach],
    reason: reason(problem, { surfaces: named(rows), ...params }),
    rows: rows.map(({ id }) => id),
  }
}

const problems: Record<Exclude<Kind, 'plain'>, Record<Reach, ProblemId>> = {
  control: { network: 'door.control-network', local: 'door.control-local' },
  unclear: { network: 'door.unclear-network', local: 'door.unclear-local' },
  data: { network: 'door.data-network', local: 'door.data-local' },
  facts: { network: 'door.facts-network', local: 'door.facts-local' },
}

/** Well-known causes of an open door get words of their own: what to do differs. */
function causeOf({ kind, rows }: ExposureEvidence, open: readonly ExposureRow[]): ProblemId | null {
  const has = (id: string, verdict: ExposureVerdict) =>
    rows.some((row) => row.id === id && row.cells.some((cell) => cell.verdict === verdict))
  return kindOf(kind).causeOfExposure({ open, has })
}

function findOpen(evidence: ExposureEvidence): Found[] {
  return evidence.rows.flatMap((row): Found[] => {
    const reach = reachOf(row, evidence, (verdict) => isLetIn(row, verdict))
    if (reach) return [{ kind: row.stake, reach, row }]
    const unclear = row.stake === 'control' ? reachOf(row, evidence, (verdict) => verdict === 'unclear') : null
    return unclear ? [{ kind: 'unclear', reach: unclear, row }] : []
  })
}

const order: readonly ExposureGrade[] = ['F', 'E', 'D', 'C', 'B', 'A']

/** Whether anything but a page at `/`, which every server has, was there to be asked. */
const isFound = ({ rows }: ExposureEvidence): boolean =>
  rows.some(
    ({ id, cells }) =>
      id !== 'ui' && cells.some(({ verdict }) => verdict !== null && verdict !== 'absent' && verdict !== 'unreachable'),
  )

/** Every finding of a test, worst first, and the grade; null when nothing answered, or nothing of the program was found. */
export function gradeExposure(evidence: ExposureEvidence): {
  grade: ExposureGrade | null
  findings: ExposureFinding[]
} {
  const { origins, binding, isTls } = evidence
  if (!origins.some(({ answers }) => answers) || !isFound(evidence)) return { grade: null, findings: [] }
  const found = findOpen(evidence)
  const findings: ExposureFinding[] = []
  for (const kind of ['control', 'unclear', 'data', 'facts'] as const)
    for (const reach of ['network', 'local'] as const) {
      const rows = found.filter((one) => one.kind === kind && one.reach === reach).map(({ row }) => row)
      if (rows.length === 0) continue
      const cause = kind === 'control' ? causeOf(evidence, rows) : null
      findings.push(finding(kind, reach, cause ?? problems[kind][reach], rows))
    }
  const addresses = origins.filter(({ scope, answers }) => scope === 'machine' && answers).map(({ address }) => address)
  if (addresses.length > 0 && !isTls)
    findings.push(
      finding('plain', 'network', 'door.plain-http', [], { addresses: addresses.slice(0, mostNamed).join(', ') }),
    )
  const file = binding?.file ?? null
  if (binding?.reach === 'network' && file !== null && file.length > 0 && file.every(isLoopbackBinding))
    findings.push({
      grade: 'C',
      reason: reason('door.binding-differs', { live: binding.live.join(', '), file: file.join(', ') }),
      rows: [],
    })
  findings.sort((a, b) => order.indexOf(a.grade) - order.indexOf(b.grade))
  return { grade: findings[0]?.grade ?? 'A', findings }
}

/** Whether a binding such as `127.0.0.1:8188` or `[::1]:8188` can be reached from this machine alone. */
export const isLoopbackBinding = (binding: string) => /^127\.|^localhost:|^\[?::1\]?:/.test(binding)
