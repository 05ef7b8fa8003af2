import type { Node, YAMLMap } from 'yaml'
import type { LintNeeds, LintSeverity } from '../../../shared/contract'
import type { ProblemId, ProblemParams } from '../../../shared/problems'
import type { Project, ServiceView } from './model'
import type { SourceText, TextEdit } from './text'
import { insertInto, rangeOf, type YamlFile } from './yaml'

type LintProblem = Extract<ProblemId, `lint.${string}`>

/** A way to mend a finding, as edits of the files as they are. */
export interface FixDraft {
  problem: Extract<LintProblem, `lint.fix-${string}`>
  params?: ProblemParams
  changes: { source: SourceText; edits: TextEdit[] }[]
  folders?: string[]
  /** It takes the value of a secret away: what leads back may not be written to disk. */
  removesSecret?: boolean
  needs: LintNeeds
}

/** What a rule found. Nothing in it may be the value of a secret. */
export interface Draft {
  severity: LintSeverity
  problem: LintProblem
  params?: ProblemParams
  source: SourceText
  offset: number
  service?: string
  /** Tells it from other findings of the rule in the same file, whatever line it moves to. */
  key: string
  fixes?: (FixDraft | null)[]
}

export interface Rule {
  id: string
  check(project: Project): Draft[]
}

/** The place of a node in its file. */
export const at = (file: YamlFile, node: Node) => ({ source: file.source, offset: rangeOf(node).start })

/** A rule that looks at each service by itself. */
export const serviceRule = (id: string, check: (service: ServiceView, project: Project) => Draft[]): Rule => ({
  id,
  check: (project) =>
    project.services.flatMap((service) =>
      check(service, project).map((draft) => ({
        ...draft,
        service: service.name,
        key: `${service.name}.${draft.key}`,
      })),
    ),
})

/** A fix of one file; null when an edit could not be made. */
export function fixIn(
  file: { source: SourceText },
  edits: readonly (TextEdit | null)[],
  fix: Omit<FixDraft, 'changes'>,
): FixDraft | null {
  const whole = edits.filter((edit) => edit !== null)
  return whole.length === edits.length && whole.length > 0
    ? { ...fix, changes: [{ source: file.source, edits: whole }] }
    : null
}

/** Where a service is said to lack something, and where it can be added: its first file. */
export function ownPart(service: ServiceView): { file: YamlFile; map: YAMLMap; keyNode: Node } | null {
  return service.parts[0] ?? null
}

/** Adds keys to a service. */
export function addToService(
  service: ServiceView,
  lines: readonly string[],
  fix: Omit<FixDraft, 'changes'>,
): FixDraft | null {
  const part = ownPart(service)
  return part && fixIn(part.file, [insertInto(part.file, part.map, lines)], fix)
}
