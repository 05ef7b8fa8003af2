import { createHmac, randomBytes, randomUUID } from 'node:crypto'
import { mkdir, rmdir } from 'node:fs/promises'
import type { LintChange, LintReport } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { createSerial } from '../../async/serial'
import { fileErrorCode, writeFileAtomic, writeInPlace } from '../../storage/files'
import { realDisk, type Disk } from '../files/disk'
import { sourcesOf } from './findings'
import { createHistory, type KeptChange } from './history'
import type { LintFacts, LintFiles, Project } from './model'
import { planChange, type ChangePlan, type FileChange } from './plan'
import { nameIn, readProject } from './project'
import { reportOf } from './report'
import { modelsOnWindows } from './rules/exposure'
import { applyEdits, bytesOf, contentHash } from './text'

export { noFacts, type LintFacts, type LintFiles } from './model'

/** A project to look at, and what is known beside its files. */
export interface LintTarget {
  files: LintFiles
  facts: LintFacts
  /** Lets Compose read the files. Throws a Problem when it does not accept them; null when there is no Compose. */
  check: (() => Promise<unknown>) | null
  /** How fast a service's running container reads a folder of its, in MB/s; null when that is not known. */
  measure?: (service: string, target: string) => Promise<number | null>
}

export interface LinterOptions {
  /** Where changes are remembered so that they can be taken back. */
  historyFile: string
  /** Takes out of a text what the vault knows to be secret. */
  redact: (text: string) => string
  now?: () => number
}

/** The Compose linter: looks, mends what it is told to mend, and takes it back. */
export function createLinter({ historyFile, redact, now = Date.now }: LinterOptions) {
  const history = createHistory(historyFile, now)
  // Pages compare it only; with a key of its own it gives nothing away of a file that holds a secret.
  const key = randomBytes(32)
  const stateOf = (bytes: Uint8Array) => createHmac('sha256', key).update(bytes).digest('hex').slice(0, 32)

  /** One change at a time: the second then sees the files of the first. */
  const inTurn = createSerial()

  const projectOf = ({ files, facts }: LintTarget, disk: Disk = realDisk) => readProject(files, facts, disk)

  const report = async (target: LintTarget): Promise<LintReport> => {
    const project = await withReadRates(await projectOf(target), target)
    const last = await history.last(project.folder)
    const undo = last && (await canTakeBack(last)) ? changeOf(last) : null
    return reportOf(project, { redact, stateOf, undo, now: now() })
  }

  const fix = async (
    target: LintTarget,
    fixes: readonly string[],
    shown: readonly { path: string; state: string }[],
  ) => {
    const project = await projectOf(target)
    checkShown(project, shown, stateOf)
    const plan = await planChange(fixes, (disk) => projectOf(target, disk), realDisk)
    const known = new Set(shown.map(({ path }) => path))
    const unseen = plan.files.find(({ path }) => !known.has(path))
    if (unseen) throw new Problem('lint.changed', { name: unseen.name })

    await carryOut(plan)
    await checkWithCompose(plan, target)
    const kept = keptOf(plan, project.folder, now())
    await history.add(kept, { onDisk: !plan.removesSecret })
    return { change: changeOf(kept), report: await report(target) }
  }

  const undo = async (target: LintTarget, id: string) => {
    const { folder } = await projectOf(target)
    const last = await history.last(folder)
    if (last?.id !== id) throw new Problem('lint.undo-gone')
    await takeBack(last)
    await history.remove(id)
    return { undone: changeOf(last), report: await report(target) }
  }

  return {
    /** What is wrong in a project's files. Throws a Problem when there is no Compose file. */
    report,
    /**
     * Applies fixes of a report. Throws a Problem, with everything as it was, when a file is not as it was shown,
     * cannot be written, or is not accepted by Compose.
     */
    fix: (target: LintTarget, fixes: readonly string[], shown: readonly { path: string; state: string }[]) =>
      inTurn(() => fix(target, fixes, shown)),
    /** Takes the last change back, as long as nobody touched its files. Throws a Problem otherwise. */
    undo: (target: LintTarget, id: string) => inTurn(() => undo(target, id)),
  }
}

export type Linter = ReturnType<typeof createLinter>

/** The project with how fast its containers read what the rules would have measured. */
async function withReadRates(project: Project, { measure }: LintTarget): Promise<Project> {
  if (!measure) return project
  const readRates = await Promise.all(
    modelsOnWindows(project).map(async ({ service, target }) => {
      const rate = await measure(service, target)
      return rate === null ? [] : [{ service, target, rate }]
    }),
  )
  return { ...project, facts: { ...project.facts, readRates: readRates.flat() } }
}

function checkShown(
  project: Project,
  shown: readonly { path: string; state: string }[],
  stateOf: (bytes: Uint8Array) => string,
): void {
  const now = new Map(sourcesOf(project).map(({ source }) => [source.path, source]))
  for (const { path, state } of shown) {
    const source = now.get(path)
    if (!source || stateOf(bytesOf(source)) !== state) throw new Problem('lint.changed', { name: source?.name ?? path })
  }
}

const changeOf = ({ id, at, rules, files, needs }: KeptChange): LintChange => ({ id, at, rules, files, needs })

const keptOf = (plan: ChangePlan, folder: string, at: number): KeptChange => ({
  ...{ id: randomUUID(), at, rules: plan.rules, needs: plan.needs, folder, folders: plan.folders },
  files: [...plan.files.map(({ name }) => name), ...plan.folders.map((made) => nameIn(folder, made))],
  edits: plan.files.map(({ path, name, encoding, before, after, back, inPlace }) => ({
    ...{ path, name, encoding, back, inPlace },
    before: contentHash(before),
    after: contentHash(after),
  })),
})

/** The files as they were before a change; null when one is not as the change left it. */
async function filesBefore(
  change: KeptChange,
): Promise<Pick<FileChange, 'path' | 'name' | 'before' | 'after' | 'inPlace'>[] | null> {
  const files = []
  for (const { path, name, encoding, back, inPlace, before, after } of change.edits) {
    const now = await realDisk.read(path)
    if (now === null || contentHash(now) !== after) return null
    const text = back.reduce((reached, edits) => applyEdits(reached, edits), now.toString(encoding))
    const former = bytesOf({ text, encoding })
    if (contentHash(former) !== before) return null
    // Written the other way round: what was before is what is wanted now.
    files.push({ path, name, inPlace, before: now, after: former })
  }
  return files
}

const canTakeBack = async (change: KeptChange) => (await filesBefore(change)) !== null

/** Puts everything back as it was before a change. Throws a Problem when that cannot be. */
async function takeBack(change: KeptChange): Promise<void> {
  const files = await filesBefore(change)
  if (files === null) throw new Problem('lint.undo-gone')
  await writeAll(files)
  // Whatever was put into its folders since stays.
  for (const made of [...change.folders].reverse()) await rmdir(made).catch(() => undefined)
}

type Writable = Pick<FileChange, 'path' | 'name' | 'before' | 'after' | 'inPlace'>

const write = ({ path, inPlace }: Writable, bytes: Buffer) =>
  inPlace ? writeInPlace(path, bytes) : writeFileAtomic(path, bytes)

/** Writes all files or none. Throws a Problem that names the file that could not be written. */
async function writeAll(files: readonly Writable[]): Promise<void> {
  const done: Writable[] = []
  for (const file of files) {
    try {
      await write(file, file.after)
      done.push(file)
    } catch (error) {
      for (const one of done) await write(one, one.before)
      throw new Problem('lint.write-failed', { name: file.name, code: fileErrorCode(error) ?? '–' }, { cause: error })
    }
  }
}

async function carryOut(plan: ChangePlan): Promise<void> {
  for (const folder of plan.folders) {
    await mkdir(folder, { recursive: true }).catch((error: unknown) => {
      throw new Problem('lint.write-failed', { name: folder, code: fileErrorCode(error) ?? '–' }, { cause: error })
    })
  }
  await writeAll(plan.files)
}

/** Failures of Compose that say nothing about the files, or that a fix means: a secret that must not be empty. */
const otherFailures =
  /^compose\.(?:cli-missing|variable-missing|cancelled|timeout|unreadable|engine-.*)$|^(?!compose\.)/

const refusal = async (check: () => Promise<unknown>): Promise<Problem | null> => {
  try {
    await check()
    return null
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return otherFailures.test(error.id) ? null : error
  }
}

/** What Compose accepted before and does not accept now is taken back. */
async function checkWithCompose(plan: ChangePlan, { check }: LintTarget): Promise<void> {
  if (check === null || plan.files.length === 0) return
  const now = await refusal(check)
  if (now === null) return
  const former = plan.files.map((file) => ({ ...file, before: file.after, after: file.before }))
  await writeAll(former)
  if ((await refusal(check)) === null)
    throw new Problem('lint.refused-by-compose', { detail: `${now.message} ${now.hint}` })
  // It did not accept the files before either: the fix is a step on the way.
  await writeAll(plan.files)
}
