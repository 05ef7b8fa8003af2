import type { LeakFinding } from '../../../shared/contract'

const groupIds = ['file', 'git', 'image', 'container', 'log'] as const
type GroupId = (typeof groupIds)[number]

const groupOf: Record<LeakFinding['kind'], GroupId> = {
  file: 'file',
  git: 'git',
  image: 'image',
  environment: 'container',
  label: 'container',
  command: 'container',
  log: 'log',
}

interface FindingGroup {
  id: GroupId
  findings: LeakFinding[]
}

const severities: LeakFinding['severity'][] = ['danger', 'warning', 'notice', 'expected']
const worstOf = ({ findings }: FindingGroup) =>
  Math.min(...findings.map(({ severity }) => severities.indexOf(severity)))

/** A path below the scanned folder without it; any other stays whole. Either kind of slash may stand in it. */
export function below(folder: string | null, where: string): string {
  if (folder === null || !where.startsWith(folder)) return where
  const rest = where.slice(folder.length)
  if (rest === '') return where
  return /^[\\/]/.test(rest) ? rest.slice(1) : where
}

/** Leaks by source, the worst source first; what stands where it belongs is apart. */
export function groupFindings(findings: readonly LeakFinding[]): { groups: FindingGroup[]; expected: LeakFinding[] } {
  const leaks = findings.filter(({ severity }) => severity !== 'expected')
  return {
    groups: groupIds
      .map((id) => ({ id, findings: leaks.filter(({ kind }) => groupOf[kind] === id) }))
      .filter((group) => group.findings.length > 0)
      .sort((a, b) => worstOf(a) - worstOf(b)),
    expected: findings.filter(({ severity }) => severity === 'expected'),
  }
}
