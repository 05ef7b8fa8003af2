import { Problem } from '../../shared/problems'
import { homedir } from 'node:os'
import path from 'node:path'
import { isMap } from 'yaml'
import type { ServiceKind, ServiceLikeness } from '../../shared/contract'
import { likenessOf } from '../kinds/likeness'
import { parsePort } from '../compose/program/rendered'
import { isBindSource, placeOf, realDisk, type Disk } from '../compose/files/disk'
import { splitVariable } from '../compose/files/variable'
import { interpolate, variablesOf, type Variables } from '../compose/files/interpolation'
import { noFacts, type Project, type ServiceView } from '../compose/lint/model'
import { readProject } from '../compose/lint/project'
import { environmentOf, envFilesOf, find, mountsOf, writtenArguments } from '../compose/lint/service'
import { entriesOf, itemsOf, scalarsIn, textOf, valueOf } from '../compose/lint/yaml'
import { loginsAt } from './logins'
import { isInside } from './walk'

/** A Compose service that looks like a backend, or that reads secrets. */
export interface ComposeService {
  /** Its name in the file. */
  name: string
  file: string
  /** Every file that states a part of it. */
  files: ReadonlySet<string>
  likeness: ServiceLikeness
  /** Null for one that is no backend, or where it is not sure which. */
  kind: ServiceKind | null
  /** The `.env` that gives its variables their values, and the names of those. */
  envFile: string | null
  variables: ReadonlySet<string>
  /** Files whose every key it gets. */
  envFiles: ReadonlySet<string>
  /** Files and folders that it mounts. */
  mounts: readonly string[]
  /** What variables are by where they stand in `--api-auth` and `--gradio-auth`. */
  roles: ReadonlyMap<string, Role>
}

/** What a variable is in a login; of a password, the user name that is written beside it. */
interface Role {
  field: 'username' | 'password'
  username: string | null
}

/** The disk as far as the folder reaches: what a Compose file names elsewhere is not read. */
const within = (root: string): Disk => {
  const isOurs = (place: string) => isInside(root, place) || place === root
  return {
    read: (file) => (isOurs(file) ? realDisk.read(file) : Promise.resolve(null)),
    look: (place) => (isOurs(place) ? realDisk.look(place) : Promise.resolve('unknown')),
    list: (folder) => (isOurs(folder) ? realDisk.list(folder) : Promise.resolve(null)),
  }
}

const plainNames = /^(?:docker-)?compose\.ya?ml$/i

/** The services of the Compose files, each once: of two files that state it, the one that Compose takes by itself. */
export async function readServices(root: string, files: readonly string[]): Promise<ComposeService[]> {
  const disk = within(root)
  const ordered = [...files].sort(
    (a, b) => Number(plainNames.test(path.basename(b))) - Number(plainNames.test(path.basename(a))),
  )
  const services: ComposeService[] = []
  const isSame = (one: ComposeService, view: ServiceView, file: string) =>
    one.name === view.name &&
    // Beside it, or in a file that another one includes.
    (path.dirname(one.file) === path.dirname(file) || view.parts.some((part) => one.files.has(part.file.source.path)))
  for (const file of ordered) {
    const project = await readProject({ file }, noFacts, disk).catch((error: unknown) => {
      // A file that went meanwhile has no services.
      if (error instanceof Problem) return null
      throw error
    })
    for (const view of project?.services ?? []) {
      const isKnown = services.some((one) => isSame(one, view, file))
      if (project && !isKnown) services.push(serviceOf(view, project, file))
    }
  }
  return services
}

function serviceOf(view: ServiceView, project: Project, file: string): ComposeService {
  const { variables, env } = project
  const text = (...keys: string[]) => {
    const node = find(view, ...keys)?.node ?? null
    const said = textOf(node)
    return said === null ? null : interpolate(said, variables)
  }
  const ownFiles = envFilesOf(view, project)
  const sources = writtenArguments(view)
  const likeness = likenessOf({
    name: view.name,
    image: text('image'),
    containerName: text('container_name'),
    command: sources.flat().map(({ written }) => interpolate(written, variables)),
    environment: Object.fromEntries([
      ...ownFiles.flatMap(({ entries }) => entries.map(({ key, read }) => [key, read?.compose2 ?? null] as const)),
      ...environmentOf(view, variables).map(({ key, value }) => [key, value] as const),
    ]),
    labels: labelsOf(view, variables),
    ports: portsOf(view, variables),
    isOnHostNetwork: text('network_mode') === 'host',
  })
  const written = view.parts.flatMap(({ map }) => scalarsIn(map).map((scalar) => textOf(scalar) ?? ''))
  const roles = new Map<string, Role>()
  for (const { login } of sources.flatMap(loginsAt)) {
    const { user, password } = login
    const users = variablesOf(user.written)
    for (const { name } of users) roles.set(name, { field: 'username', username: null })
    for (const { name } of variablesOf(password.written))
      roles.set(name, { field: 'password', username: users.length === 0 ? user.value.trim() : null })
  }
  return {
    name: view.name,
    file,
    files: new Set([file, ...view.parts.map((part) => part.file.source.path)]),
    likeness,
    kind: likeness.state === 'neither' ? null : likeness.kind,
    envFile: env?.source.path ?? null,
    variables: new Set(written.flatMap((line) => variablesOf(line).map(({ name }) => name))),
    envFiles: new Set(ownFiles.map(({ source }) => source.path)),
    mounts: mountsOf(view, variables).flatMap(({ source, type, file: of }) => {
      if (type !== 'bind' || !isBindSource(source)) return []
      return placeOf(source, of.baseFolder, homedir()) ?? []
    }),
    roles,
  }
}

function labelsOf(view: ServiceView, variables: Variables): Record<string, string> {
  const labels: Record<string, string> = {}
  for (const { file, map } of view.parts) {
    const node = valueOf(file, map, 'labels')
    for (const { key, value } of entriesOf(file, node)) labels[key] = interpolate(textOf(value) ?? '', variables)
    for (const item of itemsOf(file, node)) {
      const [key, value] = splitVariable(textOf(item) ?? '')
      labels[key] = interpolate(value ?? '', variables)
    }
  }
  return labels
}

function portsOf(view: ServiceView, variables: Variables) {
  return view.parts.flatMap(({ file, map }) =>
    itemsOf(file, valueOf(file, map, 'ports')).flatMap((item) => {
      if (!isMap(item)) return parsePort(interpolate(textOf(item) ?? '', variables)) ?? []
      const text = (key: string) => interpolate(textOf(valueOf(file, item, key)) ?? '', variables)
      const [hostPort, containerPort] = [Number(text('published')), Number(text('target'))]
      if (!Number.isInteger(hostPort) || !Number.isInteger(containerPort)) return []
      return [{ hostIp: text('host_ip'), hostPort, containerPort }]
    }),
  )
}

/** Whether a service gets its secret from this place. */
export function reads(
  service: ComposeService,
  place: { path: string; key: string | null; type: string | null; service?: string | null },
): boolean {
  if (service.envFiles.has(place.path)) return true
  if (place.path === service.envFile && place.key !== null && service.variables.has(place.key)) return true
  if (service.files.has(place.path))
    return place.service === service.name || place.key?.startsWith(`/services/${service.name}/`) === true
  if (place.type !== 'file' && place.type !== 'comfyui-login' && place.type !== 'session-key') return false
  return service.mounts.some((mount) => mount === place.path || isInside(mount, place.path))
}
