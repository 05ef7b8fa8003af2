import type { PendingChange, ServiceConfig } from '../../shared/contract'
import { Problem, type Reason } from '../../shared/problems'
import type { Compose } from '../compose/program/compose'
import type { Engine } from '../docker/engine'
import { isMountedByItself, keysOf, liesInMount, readBindMounts, type BindMount } from '../docker/mounts'
import type { ChangedFile, Effect, Foresight, ServiceControl } from '../credentials/control'
import type { ContainerRuntime, Runtime } from './runtimes/runtime'

/** A changed file as a container may see it. */
export interface SeenFile extends ChangedFile {
  /** Whether the service's container sees the file through a mount. */
  mounted: boolean
}

/**
 * Restart or recreate, by what the files' owners ask for, by what Compose finds changed, and by how a container gets
 * at the files. A pure function; `after` is what Compose asks for now that the files are written, `before` what it
 * asked for already: that is not ours to apply.
 */
export function chooseEffect(
  files: readonly SeenFile[],
  { before, after }: { before: PendingChange | null; after: PendingChange | null },
): Effect {
  const named = files.find(({ requires }) => requires === 'recreate')
  if (named) return { action: 'recreate', why: 'named', path: named.path }
  const read = files.filter(({ requires }) => requires !== 'nothing')
  const unmounted = read.find(({ mounted }) => !mounted)
  const isOurs = before?.action !== 'recreate' || unmounted !== undefined
  if (after?.action === 'recreate' && isOurs)
    return { action: 'recreate', why: 'environment', path: (unmounted ?? read[0])?.path ?? '' }
  const mounted = read.find((file) => file.mounted)
  return mounted ? { action: 'restart', why: 'mounted', path: mounted.path } : { action: 'restart', why: 'start' }
}

/** Whether the change may need the container to be recreated: a file that it does not see can only be environment. */
export const mayRecreate = (files: readonly SeenFile[]): boolean =>
  files.some(({ requires, mounted }) => requires === 'recreate' || (requires === 'restart' && !mounted))

/** The weightiest of what a container lacks; what cannot be told is no reason to recreate it. */
async function pendingOf(containers: ContainerRuntime): Promise<PendingChange | null> {
  const found = await containers.changes()
  return found.known ? (found.changes[0] ?? null) : null
}

export interface ApplyingOptions {
  engine: Pick<Engine, 'client' | 'status'> | undefined
  compose: Pick<Compose, 'config'> | undefined
  configOf: (serviceId: string) => ServiceConfig
  runtimeOf: (serviceId: string) => Runtime
  /** Why Regie can neither stop nor restart what runs there. */
  unmanageable: (serviceId: string) => Reason | null
}

/** How changes of files take effect on services that live in containers. */
export function createApplying({
  engine,
  compose,
  configOf,
  runtimeOf,
  unmanageable,
}: ApplyingOptions): Pick<ServiceControl, 'prepare' | 'effectOf' | 'writeMode'> & Foresight {
  /** What Compose asked for before the files were written, by service. */
  const before = new Map<string, PendingChange | null>()

  async function seen(containers: ContainerRuntime, files: readonly ChangedFile[]): Promise<SeenFile[]> {
    const containerId = containers.container()?.id
    const all = engine && containerId !== undefined ? await readBindMounts(engine) : []
    const mounts = all.filter((mount) => mount.containerId === containerId)
    return Promise.all(files.map(async (file) => ({ ...file, mounted: liesInMount(mounts, await keysOf(file.path)) })))
  }

  return {
    unmanageable,

    async prepare(serviceId, files) {
      const refusal = unmanageable(serviceId)
      if (refusal) throw new Problem(refusal.problem, refusal.params)
      const { containers } = runtimeOf(serviceId)
      if (!containers) return
      // Fails here when there is no engine, no Compose, or when Compose refuses its files.
      const found = await seen(containers, files)
      const { compose: spec } = configOf(serviceId)
      if (spec && mayRecreate(found)) {
        const costs = await containers.recreateRefusal()
        if (costs) throw new Problem(costs.problem, costs.params)
        await compose?.config(spec)
      }
      before.set(serviceId, await pendingOf(containers))
    },

    async effectOf(serviceId, files) {
      const { containers } = runtimeOf(serviceId)
      if (!containers) return { action: 'restart', why: 'start' }
      const [found, after] = await Promise.all([seen(containers, files), pendingOf(containers)])
      return chooseEffect(found, { before: before.get(serviceId) ?? null, after })
    },

    async foresee(serviceId, files) {
      const { containers } = runtimeOf(serviceId)
      if (!containers) return { action: 'restart', why: 'start' }
      const found = await seen(containers, files)
      const effect = chooseEffect(found, { before: null, after: null })
      // What the container does not see can only reach it by its environment: taken for certain until it is written.
      const unseen = found.find(({ requires, mounted }) => requires === 'restart' && !mounted)
      return effect.action === 'restart' && unseen
        ? { action: 'recreate', why: 'environment', path: unseen.path }
        : effect
    },

    writeMode: (path) => writeModeOf(path, engine),
  }
}

/** In place where a container mounts the file by itself: replaced, it would keep the old one. */
async function writeModeOf(path: string, engine: ApplyingOptions['engine']): Promise<'replace' | 'in-place'> {
  // Without an engine nothing is known of mounts, and no container runs that could hold one.
  if (engine?.status().state !== 'connected') return 'replace'
  const mounts: BindMount[] = await readBindMounts(engine).catch((error: unknown) => {
    if (error instanceof Problem) return []
    throw error
  })
  return isMountedByItself(mounts, await keysOf(path)) ? 'in-place' : 'replace'
}
