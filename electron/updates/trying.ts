import { Problem } from '../../shared/problems'
import { pause } from '../async/pause'
import type { DerivedProject } from '../compose/program/compose'
import { contextOf } from '../credentials'
import { askOnce } from '../credentials/proof'
import { freePort } from '../services/free-port'
import { besideModel, type BesideModel, type BesideOptions } from './beside'
import { updateTags } from './images'
import type { StepId } from './record'
import { besideUrl, idOf, places, portOf, type UpdateRun } from './run-parts'
import type { StackOfService } from './stack'
import { layOutFolders, stagedSpec, stageFiles } from './staging'
import { gibOf, secondsOf } from './lines'

/** How often a container that starts is looked at, in ms. */
const lookMs = 200
/** A port that was free may be taken a moment later: so often another one is tried. */
const portTries = 4
/** Where ports are looked for: far from those of the programs themselves. */
const portsFrom = 18_800

/** The new version, staged, and how it is made of its files. */
export interface Staged {
  stack: StackOfService
  settings: Record<string, string>
  names: ReadonlySet<string>
}

interface Deriving {
  project: DerivedProject
  made: Pick<BesideModel, 'image' | 'readOnly' | 'copies'>
}

/** Has Compose read the staged files, and derives the project beside from them. */
async function derive(
  run: UpdateRun,
  { settings, names }: Staged,
  {
    besidePort,
    thrownAway,
    copies,
    withBuild,
  }: Pick<BesideOptions, 'thrownAway' | 'copies'> & {
    besidePort: number
    withBuild: boolean
  },
): Promise<Deriving> {
  const { parts, facts, config, signal } = run
  let made: Deriving['made'] = { image: null, readOnly: 0, copies: 0 }
  const options: BesideOptions = {
    ...{ service: facts.spec.service, project: facts.spec.project ?? config.id, updateId: idOf(run) },
    image: updateTags(idOf(run)).fresh,
    ...{ stagedFolder: places(run).staged, stackFolder: facts.folder, staged: names },
    port: { old: portOf(config), beside: besidePort },
    ...{ thrownAway, copies },
  }
  const from = { spec: await stagedSpec(run), project: facts.besideProject, settings, signal }
  const project = await parts.compose.derive(from, (rendered) => {
    const { model, ...rest } = besideModel(rendered, options, withBuild)
    made = rest
    return model
  })
  return { project, made }
}

const nothing = { thrownAway: new Map<string, string>(), copies: new Map<string, string>() }

/** Builds the new image beside the old one, under a tag of its own. Throws the build's Problem. */
export async function buildBeside(
  run: UpdateRun,
  stack: StackOfService,
  written: ReadonlyMap<string, string>,
): Promise<Staged> {
  const { record, facts, images, signal } = run
  const names = await stageFiles(run, stack, written)
  const staged: Staged = { stack, names, settings: Object.fromEntries(facts.settings) }
  const { project, made } = await derive(run, staged, { ...nothing, besidePort: portsFrom, withBuild: true })
  const { fresh } = updateTags(idOf(run))
  await project.build(facts.spec.service, {
    signal,
    onStep: ({ title, detail }) => record.doing('build', detail === null ? title : `${title}: ${detail}`),
  })
  const image = await images.look(fresh)
  if (!image) throw new Problem('updates.not-built', { image: fresh })
  facts.newImage = image.id
  const name = made.image ?? `${facts.spec.project ?? run.config.id}-${facts.spec.service}`
  facts.newImageName = { name, before: (await images.look(name))?.id ?? null }
  record.line('build', 'build.image', { image: name, gib: gibOf(image.bytes) })
  return staged
}

/** Makes room on the card. Where the order allows it, the old version stands still from here on. */
async function makeRoom(run: UpdateRun, mustStopOld: boolean): Promise<void> {
  const { parts, config, record, facts, claim, signal } = run
  if (mustStopOld) {
    facts.stoppedOld = true
    await run.journal.note({ at: Date.now(), step: 'start', update: record.snapshot(), facts: structuredClone(facts) })
    const asked = { serviceId: config.id, operation: 'stop', name: 'update' } as const
    await parts.during(asked, () => claim.stop())
    record.change({ answering: null })
    record.line('start', 'start.stopped-old')
    return
  }
  try {
    await parts.backendFor(config).freeMemory(signal)
    record.line('start', 'start.freed')
  } catch (error) {
    // Not every program can; the card may hold both all the same.
    if (signal.aborted || !(error instanceof Problem)) throw error
  }
}

/** Starts the container on a port that is free; one that is taken meanwhile is no failure. */
async function up(run: UpdateRun, staged: Staged, folders: Pick<BesideOptions, 'thrownAway' | 'copies'>) {
  const { facts, record, signal } = run
  let from = portsFrom
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(from)
    const { project, made } = await derive(run, staged, { ...folders, besidePort: port, withBuild: false })
    try {
      await project.up(facts.spec.service, {
        signal,
        onStep: ({ title, detail }) => record.doing('start', detail === null ? title : `${title}: ${detail}`),
      })
      record.change({ besidePort: port })
      return { port, made }
    } catch (error) {
      if (!(error instanceof Problem) || !error.id.startsWith('compose.port') || attempt === portTries) throw error
      await run.containers.removeBeside(idOf(run))
      from = port + 1
    }
  }
}

/** Waits until the new version answers anything. Throws where its container ends, or its time is up. */
async function untilAnswers(run: UpdateRun, port: number): Promise<void> {
  const { parts, patience, containers, config, signal } = run
  const [surface] = contextOf(parts.credentials).surfacesOf(config.kind)
  const container = await containers.beside(idOf(run))
  if (!surface || !container) throw new Problem('updates.silent', { seconds: 0 })
  const end = performance.now() + patience.startMs
  for (;;) {
    signal.throwIfAborted()
    const state = await containers.inspect(container.id)
    if (state === null || state.state === 'exited' || state.state === 'dead')
      throw new Problem('updates.ended', { code: state?.exitCode ?? '–' })
    if ((await askOnce(surface, besideUrl(port), null, signal)) !== null) return
    if (performance.now() > end || state.health?.status === 'unhealthy')
      throw new Problem('updates.silent', { seconds: Math.round(patience.startMs / 1000) })
    await pause(lookMs, signal)
  }
}

/** Starts the new version beside the old one: same GPU and credential, nothing of the person's to write to. */
export async function startBeside(run: UpdateRun, staged: Staged, mustStopOld: boolean): Promise<{ port: number }> {
  const { record } = run
  await makeRoom(run, mustStopOld)
  const folders = await layOutFolders(run, staged.stack)
  const began = performance.now()
  const { port, made } = await up(run, staged, folders)
  record.line('start', 'start.mounts', { readOnly: made.readOnly, copies: made.copies })
  record.check('cold-start', { state: 'running' })
  await untilAnswers(run, port)
  const ms = Math.round(performance.now() - began)
  record.check('cold-start', { state: 'passed', value: ms })
  record.line('start', 'start.port', { port, seconds: secondsOf(ms) })
  return { port }
}

/** What the failed step's container last said, for whoever wants to know why; none where it can no longer tell. */
export async function lastWords(run: UpdateRun, step: StepId): Promise<string[]> {
  const { containers, parts, config } = run
  try {
    const id =
      step === 'switch' || step === 'keep'
        ? parts.services.get(config.id).container?.id
        : (await containers.beside(idOf(run)))?.id
    return id === undefined ? [] : await containers.lastLines(id)
  } catch (error) {
    if (!(error instanceof Problem)) parts.reportBug(error)
    return []
  }
}
