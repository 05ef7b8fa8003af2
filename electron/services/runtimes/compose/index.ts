import { existsSync } from 'node:fs'
import type { ComposeSpec, PendingChange, ServiceConfig } from '../../../../shared/contract'
import { Problem, reason, type Reason } from '../../../../shared/problems'
import type { Recreating } from '../../../compose/program/arguments'
import type { Compose } from '../../../compose/program/compose'
import { filesOf } from '../../../compose/program/files'
import { leftOversIn } from '../../../compose/program/left-over'
import { otherFiles } from '../../../compose/program/projects'
import type { Container, Engine } from '../../../docker/engine'
import { createContainerLog } from '../../../docker/logs/container-log'
import type { Redactor } from '../../../vault/redactor'
import { pause } from '../../../async/pause'
import { createChanges } from './changes'
import { mendLeftOvers } from './left-over'
import { createProjectWork } from './project'
import { followContainer, isUp, missingSources, nameRefusal, quietly, removeTwins } from './run'
import { createSightings, keyOf, specOf } from './seen'
import type { Changes, ContainerRuntime, Run, Runtime, Work } from '../runtime'

export interface ComposeRuntimeOptions {
  engine: Engine
  compose: Compose
  redact: (text: string) => string
  /** Learns what containers were given, while their logs are read. */
  redactor: Redactor
  reportBug: (error: unknown) => void
}

/** How long a container is given to end by itself when it is stopped or restarted, in ms. */
const stopGraceMs = 10_000

/** How often Compose is asked when somebody else does the same, and after what pause, in ms. */
const attempts = 4
const againMs = 200

/**
 * A Compose service in Docker: its container is made and recreated by Compose's own program, started and stopped by the
 * engine. A start and a restart keep the container that is there, whatever its files ask for now.
 */
export function composeRuntime(options: ComposeRuntimeOptions): Runtime & { containers: ContainerRuntime } {
  const { engine, compose, redact, redactor, reportBug } = options
  /** The files that each service's container was made from, where they are not the service's. */
  const made = new Map<string, string[]>()
  const seen = createSightings({ engine, compose, reportBug })
  const { projectOf, listed, current, allOf, learn } = seen
  const changes = createChanges(compose, () => engine.client())
  const servicesOf = async (spec: ComposeSpec) => (await compose.rendered(spec)).services
  const project = createProjectWork({
    compose,
    client: () => engine.client(),
    specOf,
    projectOf,
    servicesOf,
  })

  const follow = ({ id, name }: Container): Run => followContainer(id, name, { engine, learn, redact, reportBug })

  /** Does one thing to a container through the engine, told as a step. */
  async function act(
    container: Container,
    action: 'start' | 'restart' | 'unpause',
    { onStep }: Pick<Work, 'onStep'>,
  ): Promise<void> {
    const title = `Container ${container.name}`
    const words = {
      start: ['Starting', 'Started'],
      restart: ['Restarting', 'Restarted'],
      unpause: ['Unpausing', 'Running'],
    }
    const [doing = '', done = ''] = words[action]
    onStep({ id: title, title, state: 'running', detail: doing })
    try {
      const docker = (await engine.client()).getContainer(container.id)
      if (action === 'restart') await docker.restart({ t: stopGraceMs / 1000 })
      else await quietly(action === 'start' ? docker.start() : docker.unpause())
      onStep({ id: title, title, state: 'done', detail: done })
    } catch (error) {
      onStep({ id: title, title, state: 'failed', detail: null })
      throw nameRefusal(error, { action, name: container.name, redact })
    }
  }

  /** Puts right what an interrupted recreate of the service left. */
  async function mend(config: ServiceConfig, { onStep }: Pick<Work, 'onStep'>, isRecreate: boolean): Promise<void> {
    const own = await allOf(config)
    if (leftOversIn(own).length === 0) return
    const about = { project: await projectOf(config), service: specOf(config).service, own, isRecreate, onStep, redact }
    await mendLeftOvers({ client: await engine.client(), ...about })
  }

  /** What an interrupted recreate left beside the service's container, or as it, as last seen. */
  function leftBehind(config: ServiceConfig, container: Container): PendingChange | null {
    const [found] = leftOversIn(seen.allListed(config))
    if (!found) return null
    // A start and a restart put right what loses nothing by it.
    const isHarmless = found.kind === 'unfinished' || found.container.id === container.id
    const why = reason('compose.left-over', { name: found.container.name })
    return { action: isHarmless ? 'restart' : 'recreate', reason: why }
  }

  /** Whether the container is there, or is there in a moment: its name is taken before it is listed. */
  async function appears(config: ServiceConfig, signal: AbortSignal): Promise<boolean> {
    for (let look = 0; look < attempts; look++) {
      await pause(againMs, signal)
      if ((await current(config)) !== null) return true
    }
    return false
  }

  /**
   * Lets Compose make the container. Another panel, or a terminal, may do the same at that moment: Docker then refuses
   * the second container of that name, and lets both make the project's network.
   */
  async function up(config: ServiceConfig, work: Work, recreate: Recreating): Promise<Run> {
    const { onStep, signal } = work
    await mend(config, work, recreate !== 'never')
    if (recreate !== 'never') await project.bringDependencies(config, work)
    for (let attempt = 1; ; attempt++) {
      try {
        await compose.up(specOf(config), { recreate: attempt === 1 ? recreate : 'never', onStep, signal })
        break
      } catch (error) {
        // Compose 1 gives up with the old container stopped and renamed: it gets its name back.
        if (error instanceof Problem && error.id === 'compose.container-config') await mend(config, { onStep }, false)
        if (!(error instanceof Problem) || attempt === attempts) throw error
        if (error.id === 'compose.network-gone') await pause(againMs, signal)
        else if (error.id === 'compose.network-twice') await removeTwins(await engine.client(), await projectOf(config))
        else if (error.id !== 'compose.name-taken' || !(await appears(config, signal))) throw error
      }
    }
    const container = await current(config)
    if (!container) throw new Problem('compose.no-container', { id: config.id })
    await learn(container.id)
    return follow(container)
  }

  /** The Compose files that the service's container was made from, where some of them are none of the service's. */
  async function madeFrom(config: ServiceConfig): Promise<string[]> {
    const container = listed(config)
    const found = container ? otherFiles(await filesOf(specOf(config)), [container], existsSync) : []
    made.set(keyOf(config), found)
    return found
  }

  async function recreateRefusal(config: ServiceConfig): Promise<Reason | null> {
    const files = await madeFrom(config)
    return files.length === 0 ? null : reason('compose.other-files', { files: files.join(', ') })
  }

  /** Throws when Docker would make empty folders of what the container mounts. */
  async function assertSourcesThere({ id, name }: Container): Promise<void> {
    const missing = await missingSources(engine, id)
    if (missing.length > 0) throw new Problem('compose.folders-gone', { name, sources: missing.join(', ') })
  }

  async function plan(config: ServiceConfig): ReturnType<ContainerRuntime['plan']> {
    const container = await current(config)
    const { id } = config
    if (!container) return { action: 'up', reasons: [reason('compose.plan-up', { id })] }
    if (container.state === 'paused') return { action: 'unpause', reasons: [reason('compose.plan-unpause', { id })] }
    if (isUp(container.state)) return { action: 'none', reasons: [] }
    const refusal = await recreateRefusal(config)
    const found: Changes = refusal
      ? { known: false, why: refusal }
      : await changes.of(specOf(config), { id: container.id, runsSince: null })
    if (!found.known) return { action: 'start', reasons: [reason('compose.plan-unknown', { why: found.why.message })] }
    const needed = found.changes.filter(({ action }) => action === 'recreate')
    if (needed.length === 0) return { action: 'start', reasons: [reason('compose.plan-start')] }
    // What was written inside it would be lost: it is recreated only where that was asked for.
    return { action: 'start', reasons: [...needed.map((change) => change.reason), reason('compose.plan-recreate')] }
  }

  async function launch(config: ServiceConfig, work: Work): Promise<Run> {
    await mend(config, work, false)
    const container = await current(config)
    work.signal.throwIfAborted()
    if (!container) return up(config, work, 'never')
    // Compose starts the same container, after what it depends on.
    if (!isUp(container.state) && (await project.lacksDependencies(config, container))) {
      await assertSourcesThere(container)
      return up(config, work, 'never')
    }
    if (container.state === 'paused') await act(container, 'unpause', work)
    else if (!isUp(container.state)) {
      await assertSourcesThere(container)
      await act(container, 'start', work)
    }
    await learn(container.id)
    return follow(container)
  }

  const containers: ContainerRuntime = {
    container(config) {
      const container = seen.described(config)
      const files = made.get(keyOf(config)) ?? []
      return container && { ...container, ...(files.length > 0 && { madeFrom: files }) }
    },
    async changes(config) {
      const container = listed(config)
      if (!container) return { known: true, changes: [] }
      const refusal = await recreateRefusal(config)
      if (refusal) return { known: false, why: refusal }
      const runsSince = isUp(container.state) ? seen.startedAt(container) : null
      const found = await changes.of(specOf(config), { id: container.id, runsSince })
      const left = leftBehind(config, container)
      return found.known && left ? { known: true, changes: [...found.changes, left] } : found
    },
    recreateRefusal,
    plan,
    async restart(config, work) {
      await mend(config, work, false)
      const container = await current(config)
      if (!container) return up(config, work, 'never')
      await assertSourcesThere(container)
      if (await project.lacksDependencies(config, container)) await project.bringDependencies(config, work)
      await act(container, 'restart', work)
      await learn(container.id)
      return follow(container)
    },
    async unpause(config, work) {
      const container = await current(config)
      if (container?.state !== 'paused') return
      await act(container, 'unpause', work)
      await learn(container.id)
    },
    async recreate(config, work, leaveOutFiles) {
      const refusal = leaveOutFiles ? null : await recreateRefusal(config)
      if (refusal) throw new Problem(refusal.problem, refusal.params)
      return up(config, work, 'always')
    },
    async build(config, work) {
      const spec = specOf(config)
      const services = await servicesOf(spec)
      if (services[spec.service]?.hasBuild !== true) throw new Problem('compose.nothing-to-build', { id: config.id })
      // Its container is replaced afterwards: what forbids that is said before anything is built.
      const refusal = await recreateRefusal(config)
      if (refusal) throw new Problem(refusal.problem, refusal.params)
      await compose.build(spec, work)
    },
    renew: (config, work) => up(config, work, 'if-changed'),
    project: project.view,
    leftStopped: (config) => project.leftStopped(config),
    projectName: projectOf,
    async startOthers(config, except, work) {
      const others = Object.keys(await servicesOf(specOf(config))).filter((name) => !except.includes(name))
      if (others.length > 0) await compose.start(specOf(config), others, work)
    },
    stopProject: (config, { onStep, signal }) => compose.stop(specOf(config), { onStep, signal }),
    pull: (config, { onStep, signal }) => compose.pull(specOf(config), { onStep, signal }),
    async down(config, { onStep, signal }) {
      await project.assertOwnProject(config)
      await seen.whileTakenAway(await projectOf(config), () => compose.down(specOf(config), { onStep, signal }))
      await current(config)
    },
    onChange: seen.onChange,
  }

  return {
    unmanaged: seen.unmanaged,
    // A first start may install everything that it needs.
    startTimeoutMs: 30 * 60_000,
    stopGraceMs,
    presence: seen.presence,
    launch: (config, _output, work) => launch(config, work),
    async find(config) {
      const container = await current(config).catch(() => null)
      return container && isUp(container.state) ? follow(container) : null
    },
    containers,
    openLog: (config) => createContainerLog({ engine, find: () => listed(config()), redactor, reportBug }),
  }
}
