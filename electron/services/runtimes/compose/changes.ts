import { stat } from 'node:fs/promises'
import path from 'node:path'
import type Dockerode from 'dockerode'
import type { ComposeSpec, PendingChange } from '../../../../shared/contract'
import { Problem, reason } from '../../../../shared/problems'
import { compareContainer } from '../../../compose/program/changes'
import type { Compose, RenderedProject } from '../../../compose/program/compose'
import type { Changes } from '../runtime'
import { readImage, readMade, type ImageDefaults } from '../../../compose/program/made'

/** The mounted files, folders left out, that were written after a moment (Unix ms). */
async function filesNewerThan(volumes: { type: string; source: string }[], moment: number): Promise<string[]> {
  const found = await Promise.all(
    volumes
      .filter(({ type, source }) => type === 'bind' && path.isAbsolute(source))
      .map(async ({ source }) => {
        // Of a file that cannot be seen no change is claimed.
        const file = await stat(source).catch(() => null)
        return file?.isFile() === true && file.mtimeMs > moment ? source : null
      }),
  )
  return found.filter((file) => file !== null)
}

/** A container to be compared with its files. */
export interface Compared {
  id: string
  /** Unix ms; `null` when it does not run. */
  runsSince: number | null
}

interface ChangesParts {
  spec: ComposeSpec
  compose: Pick<Compose, 'rendered'>
  client: () => Promise<Dockerode>
}

interface Comparison {
  containerId: string
  rendered: RenderedProject
  imageId: string | null
  changes: Promise<Changes>
}

/** What an image gives its containers by itself; `null` where the engine has no such image. */
async function readDefaults(docker: Dockerode, image: string | null): Promise<ImageDefaults | null> {
  if (image === null) return null
  return docker
    .getImage(image)
    .inspect()
    .then(readImage, () => null)
}

/** Compares a service's container with its files; anew only when these, the image or the container are others. */
export function createChanges({ spec, compose, client }: ChangesParts) {
  let last: Comparison | null = null

  async function compare(rendered: RenderedProject, containerId: string): Promise<Changes> {
    const { services, hashes, version } = rendered
    const wanted = services[spec.service]
    if (!wanted) return { known: false, why: reason('compose.service-missing', { service: spec.service }) }
    const docker = await client()
    const made = readMade(await docker.getContainer(containerId).inspect())
    if (!made) return { known: false, why: reason('compose.unreadable', { detail: 'inspect' }) }
    const [madeFrom, imageNow] = await Promise.all([
      readDefaults(docker, made.imageId),
      readDefaults(docker, wanted.image ?? made.image),
    ])
    const wantedHash = hashes[spec.service] ?? null
    return { known: true, changes: compareContainer({ wanted, wantedHash, made, madeFrom, imageNow, version }) }
  }

  /** The last comparison where it still holds, else a new one. */
  function compared(rendered: RenderedProject, imageId: string | null, containerId: string): Promise<Changes> {
    if (last?.rendered === rendered && last.imageId === imageId && last.containerId === containerId) return last.changes
    const made: Comparison = { containerId, rendered, imageId, changes: compare(rendered, containerId) }
    last = made
    // A failure is none of the files': it may be over the next time.
    const forget = () => {
      if (last === made) last = null
    }
    made.changes.then((found) => found.known || forget(), forget)
    return made.changes
  }

  async function find(container: Compared): Promise<Changes> {
    const rendered = await compose.rendered(spec)
    const { volumes = [], image: name = null } = rendered.services[spec.service] ?? {}
    const imageNow = name === null ? null : await readDefaults(await client(), name)
    const result = await compared(rendered, imageNow?.id ?? null, container.id)
    if (!result.known || container.runsSince === null) return result
    const newer = await filesNewerThan(volumes, container.runsSince)
    const restarts = newer.map((file): PendingChange => {
      return { action: 'restart', reason: reason('compose.file-changed', { file }) }
    })
    return { known: true, changes: [...result.changes, ...restarts] }
  }

  return {
    /** What the files ask for and the container does not have, the weightiest first. Never rejects. */
    async of(container: Compared): Promise<Changes> {
      try {
        return await find(container)
      } catch (error) {
        if (error instanceof Problem) return { known: false, why: error.reason }
        const line = error instanceof Error ? error.message : ''
        return { known: false, why: reason('compose.engine-unreachable', { line }) }
      }
    },
  }
}
