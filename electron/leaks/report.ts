import { createHash } from 'node:crypto'
import type { LeakFinding, LeakSeverity, LeakWeight } from '../../shared/contract'
import type { Commit } from './history'
import type { Pattern, PatternOwner } from './patterns'
import type { TextMatch } from './scanner'

/** Where something was found. */
export interface Place {
  kind: LeakFinding['kind']
  where: string
  part: string | null
  serviceId: string | null
  weight: Exclude<LeakWeight, 'sink' | 'old' | 'cut'>
  commits?: Commit[]
  /** Whether the value of this owner belongs there. */
  isExpected: (owner: PatternOwner) => boolean
}

/** Findings beyond these are only counted. */
const mostFindings = 1_000
const mostCommits = 10
const mostLines = 10

const severities: Record<Exclude<LeakWeight, 'sink' | 'old' | 'cut'>, LeakSeverity> = {
  history: 'danger',
  'unreachable-object': 'warning',
  'world-readable': 'danger',
  image: 'danger',
  log: 'warning',
  metadata: 'warning',
  environment: 'warning',
  file: 'warning',
}
const order: LeakSeverity[] = ['danger', 'warning', 'notice', 'expected']

function weigh(
  place: Place,
  { spelling }: Pattern,
  owner: PatternOwner,
): { severity: LeakSeverity; weight: LeakWeight } {
  if (place.isExpected(owner))
    return { severity: 'expected', weight: place.kind === 'environment' ? 'environment' : 'sink' }
  if (owner.generation === 'previous') return { severity: 'notice', weight: 'old' }
  // It opens nothing, but whoever reads it there is refused.
  if (spelling === 'cut-end' || spelling === 'cut-start') return { severity: 'notice', weight: 'cut' }
  return { severity: severities[place.weight], weight: place.weight }
}

/** One value in one place is one finding. */
function idOf(place: Place, { spelling, utf16 }: Pattern, { credentialId, field, generation }: PatternOwner): string {
  const names = [place.kind, place.where, place.part, place.weight, credentialId, field, generation, spelling, utf16]
  return createHash('sha256').update(JSON.stringify(names)).digest('hex').slice(0, 16)
}

const byWeightAndPlace = (a: LeakFinding, b: LeakFinding): number =>
  order.indexOf(a.severity) - order.indexOf(b.severity) ||
  a.kind.localeCompare(b.kind) ||
  a.where.localeCompare(b.where) ||
  (a.part ?? '').localeCompare(b.part ?? '')

/** Gathers what was found, one finding for each value in each place. `redact` cleans names and paths. */
export function createReport(patterns: readonly Pattern[], redact: (text: string) => string) {
  const findings = new Map<string, LeakFinding>()
  let unlisted = 0

  const addOne = (place: Place, pattern: Pattern, owner: PatternOwner, match: TextMatch) => {
    const id = idOf(place, pattern, owner)
    const known = findings.get(id)
    if (known) {
      // The same path of a repository, in another commit's version.
      known.count += match.count
      merge(known, place.commits ?? [])
      return
    }
    if (findings.size >= mostFindings) {
      unlisted++
      return
    }
    const finding: LeakFinding = {
      id,
      kind: place.kind,
      where: redact(place.where),
      part: place.part === null ? null : redact(place.part),
      serviceId: place.serviceId,
      lines: match.lines.slice(0, mostLines),
      count: match.count,
      commits: [],
      commitCount: 0,
      ...owner,
      spelling: pattern.spelling,
      utf16: pattern.utf16,
      ...weigh(place, pattern, owner),
    }
    merge(finding, place.commits ?? [])
    findings.set(id, finding)
  }

  return {
    add(place: Place, matches: readonly TextMatch[]) {
      for (const match of matches) {
        const pattern = patterns[match.pattern]
        if (!pattern) continue
        const expected = pattern.owners.filter(place.isExpected)
        // Where a value belongs to one credential, it is no leak of another that shares it.
        for (const owner of expected.length > 0 ? expected : pattern.owners) addOne(place, pattern, owner, match)
      }
    },
    found: () => findings.size + unlisted,
    /** The worst first, then by place. */
    result: () => ({
      unlisted,
      findings: [...findings.values()].sort(byWeightAndPlace),
    }),
  }
}

function merge(finding: LeakFinding, commits: readonly Commit[]) {
  const isNew = ({ id }: Commit) => finding.commits.every((known) => known.id !== id)
  const added = commits.filter(isNew)
  finding.commitCount += added.length
  finding.commits = [...finding.commits, ...added].sort((a, b) => b.at - a.at).slice(0, mostCommits)
}
