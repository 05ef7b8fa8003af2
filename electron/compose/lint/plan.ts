import type { LintNeeds } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { withFiles, type Disk } from '../files/disk'
import { findingsIn, type Finding } from './findings'
import type { Project } from './model'
import { applyEdits, bytesOf, canStandTogether, inverseEdits, type SourceText, type TextEdit } from './text'

/** One file's change: what it becomes, and the edits that lead back, last round first. */
export interface FileChange {
  path: string
  name: string
  encoding: SourceText['encoding']
  before: Buffer
  after: Buffer
  back: TextEdit[][]
  /** A container mounts it by itself: it must stay the same file. */
  inPlace: boolean
}

export interface ChangePlan {
  rules: string[]
  needs: LintNeeds
  files: FileChange[]
  folders: string[]
  /** What leads back holds the value of a secret. */
  removesSecret: boolean
}

type Chosen = Finding['fixes'][number] & { rule: string }

const weight: Record<LintNeeds, number> = { none: 0, restart: 1, recreate: 2 }

/**
 * What the wanted fixes make of the files. Fixes that would touch the same place come one after another: the files
 * are looked at again in between, as they would be then, and a fix that is no longer needed falls away.
 * Throws a Problem when a fix does not exist.
 */
export async function planChange(
  wanted: readonly string[],
  readProject: (disk: Disk) => Promise<Project>,
  disk: Disk,
): Promise<ChangePlan> {
  const plan: ChangePlan = { rules: [], needs: 'none', files: [], folders: [], removesSecret: false }
  const open = new Set(wanted)
  const written = new Map<string, Buffer>()
  for (let round = 0; open.size > 0; round++) {
    const project = await readProject(withFiles(disk, written))
    const known = findingsIn(project).flatMap(({ rule, fixes }) => fixes.map((fix) => ({ ...fix, rule })))
    const found = known.filter(({ id }) => open.has(id))
    if (round === 0 && found.length < open.size) throw new Problem('lint.no-such-fix')
    const chosen = together(found)
    if (chosen.length === 0) break
    for (const fix of chosen) {
      open.delete(fix.id)
      plan.rules.push(fix.rule)
      plan.folders.push(...(fix.folders ?? []))
      plan.removesSecret ||= fix.removesSecret ?? false
      if (weight[fix.needs] > weight[plan.needs]) plan.needs = fix.needs
    }
    for (const [source, edits] of editsOf(chosen)) addChange(plan, project, source, edits)
    for (const { path, after } of plan.files) written.set(path, after)
  }
  return { ...plan, rules: [...new Set(plan.rules)], folders: [...new Set(plan.folders)] }
}

function editsOf(fixes: readonly Chosen[]): Map<SourceText, TextEdit[]> {
  const edits = new Map<SourceText, TextEdit[]>()
  for (const { changes } of fixes)
    for (const change of changes) edits.set(change.source, [...(edits.get(change.source) ?? []), ...change.edits])
  return edits
}

const isSame = (a: TextEdit, b: TextEdit) => a.start === b.start && a.end === b.end && a.text === b.text

/** As many as do not get in one another's way; one of each finding. */
function together(fixes: readonly Chosen[]): Chosen[] {
  const chosen: Chosen[] = []
  for (const fix of fixes) {
    const all = editsOf([...chosen, fix])
    const isFree = [...all.values()].every(
      (edits) =>
        canStandTogether(edits) && edits.every((edit, at) => !edits.slice(0, at).some((one) => isSame(one, edit))),
    )
    if (isFree) chosen.push(fix)
  }
  return chosen
}

function addChange(plan: ChangePlan, project: Project, source: SourceText, edits: TextEdit[]): void {
  const after = bytesOf({ ...source, text: applyEdits(source.text, edits) })
  const back = inverseEdits(source.text, edits)
  const known = plan.files.find(({ path }) => path === source.path)
  if (known) {
    known.after = after
    known.back.unshift(back)
    return
  }
  const { path, name, encoding } = source
  const inPlace = project.mounts.some(({ place, kind }) => place === path && kind === 'file')
  plan.files.push({ path, name, encoding, before: bytesOf(source), after, back: [back], inPlace })
}
