import path from 'node:path'
import type { ServiceConfig } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { variablesFedBy } from '../compose/program/variables'
import type { Engine } from '../docker/engine'
import { execCapture, type ExecResult } from '../docker/exec'
import { readSurroundings, type ContainerSurroundings } from '../docker/inspect/surroundings'
import { keysOf, placeKey, readBindMounts, spellingsOf, type BindMount } from '../docker/mounts'
import type { ContainerPlace, ContainerQuestion, LookIntoContainer } from '../credentials/control'
import type { Runtime } from './runtimes/runtime'

/** A secret's file is short, and so is the time in which a container must show it. */
const maxBytes = 64 * 1024
const timeoutMs = 5_000

export interface SightOptions {
  engine: Pick<Engine, 'client' | 'status'> | undefined
  configOf: (serviceId: string) => ServiceConfig
  runtimeOf: (serviceId: string) => Runtime
}

/** A file of this machine as a container mounts it. */
export interface SeenAt {
  inside: string
  isMountedByItself: boolean
}

/**
 * Where a container sees a file of this machine; null when it does not. The nearest mount counts. `spellings` are the
 * file's path and, behind links, its real one; the part below the mount keeps the letters of the file's own path.
 */
export function placeInContainer(mounts: readonly BindMount[], spellings: readonly string[]): SeenAt | null {
  let best: (SeenAt & { depth: number }) | null = null
  for (const { source, destination } of mounts) {
    const folder = placeKey(source)
    for (const file of spellings) {
      const key = placeKey(file)
      const isItself = key === folder
      if (!isItself && !key.startsWith(folder.endsWith('/') ? folder : `${folder}/`)) continue
      const below = key.slice(folder.length).split('/').filter(Boolean).length
      const names = file.replaceAll('\\', '/').split('/').slice(-below)
      const inside = isItself ? destination : path.posix.join(destination, ...names)
      if (!best || folder.length > best.depth) best = { inside, isMountedByItself: isItself, depth: folder.length }
    }
  }
  return best && { inside: best.inside, isMountedByItself: best.isMountedByItself }
}

/** What `cat` says of a file: its bytes, that there is none, or why it cannot be read. */
function readCat({ exitCode, started, stdout, stderr, truncated }: ExecResult, inside: string): Buffer | Reason | null {
  if (!started) return reason('place.no-reader', { path: inside })
  if (exitCode === 0 && !truncated) return Buffer.from(stdout, 'utf8')
  if (/no such file/i.test(stderr)) return null
  if (/is a directory/i.test(stderr)) return reason('sink.directory', { path: inside })
  return reason('sink.unreadable', { path: inside, code: /permission denied/i.test(stderr) ? 'EACCES' : 'EIO' })
}

interface Looking {
  engine: Pick<Engine, 'client'>
  containerId: string
  container: ContainerSurroundings
  signal: AbortSignal
}

const readInside = async ({ engine, containerId, container, signal }: Looking, inside: string) => {
  if (!container.isRunning) return reason('place.not-running', { container: container.name })
  try {
    return readCat(await execCapture(engine, containerId, ['cat', inside], { timeoutMs, maxBytes, signal }), inside)
  } catch (error) {
    if (error instanceof Problem) return error.reason
    throw error
  }
}

async function fileIn(
  looking: Looking,
  file: ContainerQuestion['files'][number],
  mounts: readonly BindMount[],
): Promise<ContainerPlace[]> {
  const at = placeInContainer(mounts, await spellingsOf(file.path))
  if (!at) return []
  const read = await readInside(looking, at.inside)
  const found = Buffer.isBuffer(read) ? file.compare(read) : null
  return [
    {
      id: file.id,
      kind: 'container-file',
      where: at.inside,
      variable: null,
      isMountedByItself: at.isMountedByItself,
      since: looking.container.startedAt,
      found,
      reason: Buffer.isBuffer(read) ? null : read,
    },
  ]
}

async function variablesIn(
  { container }: Looking,
  asked: ContainerQuestion['keys'][number],
  spec: NonNullable<ServiceConfig['compose']>,
): Promise<ContainerPlace[]> {
  const fed = await variablesFedBy(spec, await keysOf(asked.path), asked.key)
  return fed.map(({ name, extract }) => {
    const held = container.environment.get(name)
    const value = held === undefined ? null : extract(held)
    const foreign = held !== undefined && value === null
    return {
      id: asked.id,
      kind: 'container-env',
      where: container.name,
      variable: name,
      isMountedByItself: false,
      since: container.createdAt,
      found: value === null ? null : asked.compare(value),
      reason: foreign ? reason('place.other-text', { variable: name }) : null,
    }
  })
}

/** Makes the look into a service's container: files by a program inside, so as its own programs see them. */
export function createSight({ engine, configOf, runtimeOf }: SightOptions): LookIntoContainer {
  return async (serviceId, question, signal) => {
    try {
      const config = configOf(serviceId)
      const containerId = runtimeOf(serviceId).containers?.container()?.id
      if (!engine || containerId === undefined || engine.status().state !== 'connected') return []
      const [container, all] = await Promise.all([readSurroundings(engine, containerId), readBindMounts(engine)])
      if (!container) return []
      const mounts = all.filter((mount) => mount.containerId === containerId)
      const looking = { engine, containerId, container, signal }
      const spec = config.compose
      const found = await Promise.all([
        ...question.files.map((file) => fileIn(looking, file, mounts)),
        ...(spec ? question.keys.map((key) => variablesIn(looking, key, spec)) : []),
      ])
      return found.flat()
    } catch (error) {
      // A container or an engine that has just gone has nothing to show.
      if (error instanceof Problem) return []
      throw error
    }
  }
}
