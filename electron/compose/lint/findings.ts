import { createHash } from 'node:crypto'
import type { LintSeverity } from '../../../shared/contract'
import type { Project } from './model'
import type { FileRole } from './mask'
import type { Draft, FixDraft } from './rule'
import { rules } from './rules'
import { positionOf, type SourceText } from './text'

/** What a rule found, with a name that stays while other lines change. */
export interface Finding extends Omit<Draft, 'fixes'> {
  id: string
  rule: string
  line: number
  column: number
  fixes: (FixDraft & { id: string })[]
}

const weight: Record<LintSeverity, number> = { danger: 0, warning: 1, hint: 2 }

const idOf = (...parts: string[]) => createHash('sha256').update(parts.join('\0')).digest('hex').slice(0, 12)

/** What services share is written once: a finding about it is told once, under the first of them. */
function isFirstOf(): (found: { rule: string; draft: Draft }) => boolean {
  const told = new Set<string>()
  return ({ rule, draft: { source, offset, problem, params, service } }) => {
    const others = Object.entries(params ?? {}).filter(([name, value]) => name !== 'service' || value !== service)
    const key = JSON.stringify([rule, problem, source.path, offset, others])
    if (told.has(key)) return false
    told.add(key)
    return true
  }
}

/** Runs every rule; the worst first, then by file and place. */
export function findingsIn(project: Project): Finding[] {
  const order = sourcesOf(project).map(({ source }) => source.path)
  const seen = new Map<string, number>()
  return rules
    .flatMap((rule) => rule.check(project).map((draft) => ({ rule: rule.id, draft })))
    .filter(isFirstOf())
    .map(({ rule, draft }): Finding => {
      const same = `${rule}\0${draft.source.name}\0${draft.key}`
      const count = seen.get(same) ?? 0
      seen.set(same, count + 1)
      const id = idOf(rule, draft.source.name, draft.key, String(count))
      const fixes = (draft.fixes ?? []).filter((fix) => fix !== null).map((fix, at) => ({ ...fix, id: `${id}.${at}` }))
      return { ...draft, id, rule, ...positionOf(draft.source, draft.offset), fixes }
    })
    .sort(
      (a, b) =>
        weight[a.severity] - weight[b.severity] ||
        order.indexOf(a.source.path) - order.indexOf(b.source.path) ||
        a.offset - b.offset,
    )
}

/** Every file that was read, each once, with what it is. */
export function sourcesOf(project: Project): { source: SourceText; role: FileRole }[] {
  const all: { source: SourceText; role: FileRole }[] = [
    ...project.yaml.map(({ source }) => ({ source, role: 'yaml' as const })),
    ...(project.env ? [{ source: project.env.source, role: 'env' as const }] : []),
    ...project.envFiles.map(({ source }) => ({ source, role: 'env' as const })),
    ...project.mounted.map(({ source, role }) => ({ source, role })),
  ]
  return all.filter(({ source }, at) => all.findIndex((other) => other.source.path === source.path) === at)
}
