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

/** Compares containers with their files; anew only when these, the image or the container are others than before. */
export function createChanges(compose: Pick<Compose, 'rendered'>, client: () => Promise<Dockerode>) {
  const compared = new Map<string, { rendered: RenderedProject; imageId: string | null; changes: Promise<Changes> }>()

  async function image(name: string | null): Promise<ImageDefaults | null> {
    if (name === null) return null
    const docker = await client()
    return docker
      .getImage(name)
      .inspect()
      .then(readImage, () => null)
  }

  async function compare(rendered: RenderedProject, spec: ComposeSpec, container: Compared): Promise<Changes> {
    const { services, hashes, version } = rendered
    const wanted = services[spec.service]
    if (!wanted) return { known: false, why: reason('compose.service-missing', { service: spec.service }) }
    const docker = await client()
    const made = readMade(await docker.getContainer(container.id).inspect())
    if (!made) return { known: false, why: reason('compose.unreadable', { detail: 'inspect' }) }
    const [madeFrom, imageNow] = await Promise.all([image(made.imageId), image(wanted.image ?? made.image)])
    const wantedHash = hashes[spec.service] ?? null
    return { known: true, changes: compareContainer({ wanted, wantedHash, made, madeFrom, imageNow, version }) }
  }

  async function find(spec: ComposeSpec, container: Compared): Promise<Changes> {
    const rendered = await compose.rendered(spec)
    const volumes = rendered.services[spec.service]?.volumes ?? []
    const imageId = (await image(rendered.services[spec.service]?.image ?? null))?.id ?? null
    const key = `${container.id} ${spec.service}`
    let known = compared.get(key)
    if (known?.rendered !== rendered || known.imageId !== imageId) {
      if (compared.size > 256) compared.clear()
      known = { rendered, imageId, changes: compare(rendered, spec, container) }
      compared.set(key, known)
      // A failure is none of the files': it may be over the next time.
      known.changes.then(
        (found) => found.known || compared.delete(key),
        () => compared.delete(key),
      )
    }
    const result = await known.changes
    if (!result.known || container.runsSince === null) return result
    const newer = await filesNewerThan(volumes, container.runsSince)
    const restarts = newer.map((file): PendingChange => {
      return { action: 'restart', reason: reason('compose.file-changed', { file }) }
    })
    return { known: true, changes: [...result.changes, ...restarts] }
  }

  return {
    /** What the files ask for and the container does not have, the weightiest first. Never rejects. */
    async of(spec: ComposeSpec, container: Compared): Promise<Changes> {
      try {
        return await find(spec, container)
      } catch (error) {
        if (error instanceof Problem) return { known: false, why: error.reason }
        const line = error instanceof Error ? error.message : ''
        return { known: false, why: reason('compose.engine-unreachable', { line }) }
      }
    },
  }
}
