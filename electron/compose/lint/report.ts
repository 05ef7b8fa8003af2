import type { LintChange, LintReport } from '../../../shared/contract'
import { reason, type ProblemId } from '../../../shared/problems'
import { diffOf, excerptOf } from './diff'
import { findingsIn, sourcesOf } from './findings'
import { maskedLines, type FileRole } from './mask'
import type { Project } from './model'
import { nameIn } from './project'
import type { FixDraft } from './rule'
import { bytesOf } from './text'

export interface ReportOptions {
  /** Takes out of a text what the vault knows to be secret. */
  redact: (text: string) => string
  /** A mark of a file's content that tells nothing about it. */
  stateOf: (bytes: Uint8Array) => string
  undo: LintChange | null
  now: number
}

/** What pages are told: findings with their places, reasons and fixes, and no secret. */
export function reportOf(project: Project, { redact, stateOf, undo, now }: ReportOptions): LintReport {
  const sources = sourcesOf(project)
  const roles = new Map(sources.map(({ source, role }) => [source.path, role]))
  const roleOf = (path: string): FileRole => roles.get(path) ?? 'secret'
  const lines = new Map(sources.map(({ source, role }) => [source.path, maskedLines(source, role, redact)]))
  const counts = { danger: 0, warning: 0, hint: 0 }

  const fixOf = (fix: FixDraft & { id: string }) => ({
    id: fix.id,
    reason: reason<ProblemId>(fix.problem, fix.params),
    needs: fix.needs,
    diffs: fix.changes.map(({ source, edits }) => diffOf(source, edits, { role: roleOf(source.path), redact })),
    folders: (fix.folders ?? []).map((folder) => nameIn(project.folder, folder)),
  })

  const findings = findingsIn(project).map((finding) => {
    counts[finding.severity]++
    const { id, rule, severity, source, line, column, service, problem, params, fixes } = finding
    return {
      ...{ id, rule, severity, line, column },
      file: source.path,
      name: source.name,
      service: service ?? null,
      reason: reason<ProblemId>(problem, params),
      excerpt: excerptOf(lines.get(source.path) ?? [], line),
      fixes: fixes.map(fixOf),
    }
  })
  return {
    folder: project.folder,
    files: sources.map(({ source }) => ({ path: source.path, name: source.name, state: stateOf(bytesOf(source)) })),
    findings,
    counts,
    checkedAt: now,
    undo,
  }
}
