import type { LeakFinding } from '../../../shared/contract'

export const groupIds = ['file', 'git', 'image', 'container', 'log'] as const
export type GroupId = (typeof groupIds)[number]

const groupOf: Record<LeakFinding['kind'], GroupId> = {
  file: 'file',
  git: 'git',
  image: 'image',
  environment: 'container',
  label: 'container',
  command: 'container',
  log: 'log',
}

export interface FindingGroup {
  id: GroupId
  findings: LeakFinding[]
}

/** Leaks by source, in their own order; what stands where it belongs is apart. */
export function groupFindings(findings: readonly LeakFinding[]): { groups: FindingGroup[]; expected: LeakFinding[] } {
  const leaks = findings.filter(({ severity }) => severity !== 'expected')
  return {
    groups: groupIds
      .map((id) => ({ id, findings: leaks.filter(({ kind }) => groupOf[kind] === id) }))
      .filter((group) => group.findings.length > 0),
    expected: findings.filter(({ severity }) => severity === 'expected'),
  }
}
