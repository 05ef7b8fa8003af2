import path from 'node:path'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { parsePort } from '../compose/program/rendered'
import { parseMount } from '../compose/program/mounts'

/** Marks what an update has made in Docker: nothing without it is ever removed. */
export const updateLabel = 'io.regie.update'

const PortEntry = z.union([
  z.string(),
  z.number().transform(String),
  z.looseObject({ target: z.number(), published: z.union([z.string(), z.number()]).optional() }),
])
const Mount = z.union([
  z.string().transform((text) => {
    const { type, source, target, readOnly } = parseMount(text)
    return { type, source, target, read_only: readOnly }
  }),
  z.looseObject({
    type: z.string().default('volume'),
    source: z.string().optional(),
    target: z.string(),
    read_only: z.boolean().optional(),
  }),
])
type Mount = z.infer<typeof Mount>

const ModelService = z.looseObject({
  image: z.string().optional(),
  build: z.unknown().optional(),
  ports: z.array(PortEntry).nullish(),
  volumes: z.array(Mount).nullish(),
  labels: z.unknown().optional(),
  deploy: z.looseObject({}).nullish(),
})
/** Secrets and configs of Compose's own: files, which the service names. */
const Files = z
  .record(z.string(), z.looseObject({ name: z.string().optional(), file: z.string().optional() }))
  .nullish()
const Model = z.looseObject({
  name: z.string().optional(),
  services: z.record(z.string(), ModelService),
  volumes: z.record(z.string(), z.looseObject({ name: z.string().optional() }).nullable()).nullish(),
  secrets: Files,
  configs: Files,
})

/** How the new version is set beside the old one. */
export interface BesideOptions {
  service: string
  /** The old version's project: its volumes are named after it. */
  project: string
  updateId: string
  image: string
  /** The staged files, from which everything relative was resolved, and the folder that it means. */
  stagedFolder: string
  stackFolder: string
  /** Names of what lies staged: a path to it stays. */
  staged: ReadonlySet<string>
  /** Where the old version answers on this machine, and where the new one shall. */
  port: { old: number; beside: number }
  /** Folders that are thrown away, in place of these. */
  thrownAway: ReadonlyMap<string, string>
  /** Copies, in place of these. */
  copies: ReadonlyMap<string, string>
}

export interface BesideModel {
  model: object
  /** The image that the files name; null where they name none. */
  image: string | null
  readOnly: number
  copies: number
}

const normal = (file: string) => path.normalize(file).replace(/(?<=.)[/\\]$/, '')

/** So far above the staged folder everything is Regie's own: what Compose comes to there was named relative to it. */
const ownAbove = 2

/** In a model a dollar sign is written twice, or it would be filled in. */
const plain = (text: string) => text.replaceAll('$$', '$')
const escaped = (text: string) => text.replaceAll('$', '$$$$')

/**
 * A place relative to the staged folder means the same one relative to the stack's own, unless it is a staged file.
 * Folders beside it (`../models`) too: there is nothing of the person's around the staged one.
 */
export function placeOf(
  source: string,
  { stagedFolder, stackFolder, staged }: Pick<BesideOptions, 'stagedFolder' | 'stackFolder' | 'staged'>,
): string {
  const place = normal(source)
  const relative = path.relative(stagedFolder, place)
  const above = relative.split(path.sep).filter((part) => part === '..').length
  const isRelative = above <= ownAbove && !path.isAbsolute(relative)
  return isRelative && !staged.has(relative) ? normal(path.join(stackFolder, relative)) : place
}

/** Each mount read-only, as a copy, or away from what is the person's: nothing that a new version does there stays. */
function mountsOf(mounts: readonly Mount[], options: BesideOptions) {
  const count = { readOnly: 0, copies: 0 }
  const changed = mounts.map((mount): Mount => {
    if (mount.type === 'tmpfs' || mount.source === undefined) return mount
    if (mount.type !== 'bind') {
      count.readOnly++
      return { ...mount, read_only: true }
    }
    const source = placeOf(plain(mount.source), options)
    const thrown = options.thrownAway.get(source)
    if (thrown !== undefined) return { ...mount, source: escaped(thrown) }
    const copy = options.copies.get(source)
    if (copy !== undefined) {
      count.copies++
      return { ...mount, source: escaped(copy) }
    }
    count.readOnly++
    return { ...mount, source: escaped(source), read_only: true }
  })
  return { changed, ...count }
}

/** The container's port that the service is reached by. Throws `updates.no-port`. */
function targetPort(ports: readonly z.infer<typeof PortEntry>[], published: number): number {
  for (const port of ports) {
    const read =
      typeof port === 'string' ? parsePort(port) : { hostPort: Number(port.published ?? 0), containerPort: port.target }
    if (read?.hostPort === published) return read.containerPort
  }
  throw new Problem('updates.no-port', { port: published })
}

/** Volumes of the old project by their names there: the derived one would make its own. */
const outerVolumes = (volumes: z.infer<typeof Model>['volumes'], project: string) =>
  Object.fromEntries(
    Object.entries(volumes ?? {}).map(([key, volume]) => [
      key,
      // Compose 1 prints no names.
      { name: volume?.name ?? `${project}_${key}`, external: true },
    ]),
  )

/** The same files as the old version has; one that Compose knows by another's name keeps that. */
const outerFiles = (files: z.infer<typeof Files>, options: BesideOptions) =>
  Object.fromEntries(
    Object.entries(files ?? {}).map(([key, one]) => [
      key,
      one.file === undefined ? one : { ...one, file: escaped(placeOf(plain(one.file), options)) },
    ]),
  )

/** What would tie it to the old version, to its place in the network, or to containers that are not there. */
const left = [
  ...['container_name', 'depends_on', 'links', 'restart', 'profiles', 'scale', 'build', 'hostname'],
  ...['networks', 'network_mode', 'mac_address', 'external_links'],
]

/**
 * The new version's model, changed so that it can run beside the old one without touching what is the person's: an
 * image and a port of its own, the same GPU and credential, every mount read-only or elsewhere. Throws
 * `compose.service-missing`, `updates.no-port` and `compose.unreadable`.
 */
export function besideModel(rendered: unknown, options: BesideOptions, withBuild: boolean): BesideModel {
  const read = Model.safeParse(rendered)
  if (!read.success) throw new Problem('compose.unreadable', { detail: read.error.issues[0]?.path.join('.') ?? '' })
  const { services, volumes, secrets, configs } = read.data
  const own = services[options.service]
  if (!own) throw new Problem('compose.service-missing', { service: options.service })
  const { changed, readOnly, copies } = mountsOf(own.volumes ?? [], options)
  const target = targetPort(own.ports ?? [], options.port.old)
  const labels = { [updateLabel]: options.updateId }
  const kept = Object.fromEntries(Object.entries(own).filter(([key]) => !left.includes(key)))
  const service = {
    ...kept,
    image: options.image,
    ...(withBuild && own.build !== undefined && { build: own.build }),
    // Compose 1 takes the short form alone.
    ports: [`127.0.0.1:${options.port.beside}:${target}`],
    volumes: changed,
    restart: 'no',
    // It would count for more.
    ...(own.deploy && { deploy: { ...own.deploy, restart_policy: undefined } }),
    labels,
  }
  const model = {
    services: { [options.service]: service },
    networks: { default: { labels } },
    volumes: outerVolumes(volumes, options.project),
    ...(secrets && { secrets: outerFiles(secrets, options) }),
    ...(configs && { configs: outerFiles(configs, options) }),
  }
  return { model, image: own.image ?? null, readOnly, copies }
}
