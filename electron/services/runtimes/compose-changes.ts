import { stat } from 'node:fs/promises'
import path from 'node:path'
import type Dockerode from 'dockerode'
import type { ComposeSpec, PendingChange } from '../../../shared/contract'
import { Problem, reason, type ProblemId, type Reason } from '../../../shared/problems'
import { compareContainer, withFingerprints } from '../../docker/compose/changes'
import type { Compose, ComposeConfig } from '../../docker/compose/compose'
import { envFileOf, envFilesIn, filesOf } from '../../docker/compose/files'
import { readImage, readMade, type ImageDefaults } from '../../docker/compose/made'

/** What tells that a file is another: its size and its time. A missing file has a mark too. */
async function markOf(file: string): Promise<string> {
  const found = await stat(file).catch(() => null)
  return found ? `${file} ${found.size} ${found.mtimeMs} ${found.ino}` : `${file} –`
}

/** Makes a mark that changes when any file does from which Compose reads the project. */
function createMarks() {
  const envFiles = new Map<string, string[]>()
  return async (spec: ComposeSpec): Promise<string> => {
    const files = await Promise.all([...(await filesOf(spec)), envFileOf(spec)].map(markOf))
    const mark = files.join('\n')
    let further = envFiles.get(mark)
    if (!further) {
      if (envFiles.size > 256) envFiles.clear()
      envFiles.set(mark, (further = await envFilesIn(spec)))
    }
    return [mark, ...(await Promise.all(further.map(markOf)))].join('\n')
  }
}

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

interface Rendered {
  services: ComposeConfig['services']
  hashes: Record<string, string>
  version: string
}

const lasting = new Set<ProblemId>([
  'compose.yaml',
  'compose.invalid',
  'compose.interpolation',
  'compose.variable-missing',
  'compose.env-file-missing',
  'compose.env-file-invalid',
])

/** A container to be compared with its files. */
export interface Compared {
  id: string
  /** Unix ms; `null` when it does not run. */
  runsSince: number | null
}

/** What was found: changes, or why nothing could be found. */
export type Changes = { known: true; changes: PendingChange[] } | { known: false; why: Reason }

/** Compares containers with their files; asks Compose only when a file is another than the last time. */
export function createChanges(compose: Pick<Compose, 'rendered'>, client: () => Promise<Dockerode>) {
  const markOfProject = createMarks()
  const projects = new Map<string, { mark: string; rendered: Promise<Rendered> }>()
  const compared = new Map<string, { mark: string; changes: Promise<Changes> }>()

  function render(spec: ComposeSpec, mark: string): Promise<Rendered> {
    const { file, overrides, profiles, project, envFile } = spec
    const key = JSON.stringify([file, overrides, profiles, project, envFile])
    const known = projects.get(key)
    if (known?.mark === mark) return known.rendered
    const rendered = compose.rendered(spec).then(({ services, hashes, version }) => ({
      services: Object.fromEntries(Object.entries(services).map(([name, each]) => [name, withFingerprints(each)])),
      hashes,
      version,
    }))
    projects.set(key, { mark, rendered })
    rendered.catch((error: unknown) => {
      // What is wrong with the files stays until they are others; anything else may be better the next time.
      if (!(error instanceof Problem && lasting.has(error.id)) && projects.get(key)?.rendered === rendered)
        projects.delete(key)
    })
    return rendered
  }

  async function image(name: string | null): Promise<ImageDefaults | null> {
    if (name === null) return null
    const docker = await client()
    return docker
      .getImage(name)
      .inspect()
      .then(readImage, () => null)
  }

  async function compare(spec: ComposeSpec, mark: string, container: Compared): Promise<Changes> {
    try {
      const { services, hashes, version } = await render(spec, mark)
      const wanted = services[spec.service]
      if (!wanted) return { known: false, why: reason('compose.service-missing', { service: spec.service }) }
      const docker = await client()
      const made = readMade(await docker.getContainer(container.id).inspect())
      if (!made) return { known: false, why: reason('compose.unreadable', { detail: 'inspect' }) }
      const [madeFrom, imageNow] = await Promise.all([image(made.imageId), image(wanted.image ?? made.image)])
      const wantedHash = hashes[spec.service] ?? null
      return { known: true, changes: compareContainer({ wanted, wantedHash, made, madeFrom, imageNow, version }) }
    } catch (error) {
      if (error instanceof Problem) return { known: false, why: error.reason }
      const line = error instanceof Error ? error.message : ''
      return { known: false, why: reason('compose.engine-unreachable', { line }) }
    }
  }

  return {
    /** What the files ask for and the container does not have, the weightiest first. Never rejects. */
    async of(spec: ComposeSpec, container: Compared): Promise<Changes> {
      const files = await markOfProject(spec)
      const rendered = await render(spec, files).catch(() => null)
      const name = rendered?.services[spec.service]?.image ?? null
      const key = `${container.id} ${spec.service}`
      const mark = `${files}\n${(await image(name).catch(() => null))?.id ?? ''}`
      let found = compared.get(key)
      if (found?.mark !== mark) {
        if (compared.size > 256) compared.clear()
        found = { mark, changes: compare(spec, files, container) }
        compared.set(key, found)
      }
      const result = await found.changes
      // A failure that is not the files' may be another the next time.
      if (!result.known) compared.delete(key)
      if (!result.known || container.runsSince === null) return result
      const volumes = rendered?.services[spec.service]?.volumes ?? []
      const newer = await filesNewerThan(volumes, container.runsSince)
      const restarts = newer.map((file): PendingChange => {
        return { action: 'restart', reason: reason('compose.file-changed', { file }) }
      })
      return { known: true, changes: [...result.changes, ...restarts] }
    },
  }
}
