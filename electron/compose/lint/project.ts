import { homedir } from 'node:os'
import path from 'node:path'
import { isMap, type Node } from 'yaml'
import { Problem } from '../../../shared/problems'
import { meantBy, readAsCompose1, readEnvFile, type OuterVariables } from '../files/dotenv'
import { includedIn, variablesIn } from '../program/include'
import { projectIn, sourcesOf } from '../program/sources'
import { isBindSource, placeOf, type Disk } from '../files/disk'
import { interpolate, type Variables } from '../files/interpolation'
import { namesSecret } from '../files/secrets'
import type { EnvFile, LintFacts, LintFiles, MountedFile, MountedPlace, Project, ServiceView } from './model'
import { mountsOf, scriptsOf } from './service'
import { bytesOf, type SourceText } from './text'
import { entriesOf, itemsOf, parseYaml, textOf, valueOf, type YamlFile } from './yaml'

/** The files that Compose itself would take. */
async function composeFiles(files: LintFiles, disk: Disk): Promise<string[]> {
  const found = (await disk.look(files.file)) === 'folder' ? await projectIn(files.file, files, disk) : files
  if (!found) throw new Problem('lint.file-missing', { path: files.file })
  return (await sourcesOf(found, disk)).files
}

export const nameIn = (folder: string, file: string): string => {
  const relative = path.relative(folder, file)
  return relative === '' ? path.basename(file) : relative.split(path.sep).join('/')
}

/** Reads what rules need. Throws a Problem when a Compose file is not there. */
export async function readProject(files: LintFiles, facts: LintFacts, disk: Disk): Promise<Project> {
  const [first = '', ...others] = await composeFiles(files, disk)
  const folder = path.dirname(first)
  const environment = environmentOf(facts)
  const outer = { compose1: environment, compose2: environment }
  const env = await readEnv(files.envFile ?? path.join(folder, '.env'), 'project', { folder, disk, outer })
  const yaml: YamlFile[] = []
  const includedEnv: string[] = []
  const own = variablesFor([env], facts)
  for (const file of [first, ...others])
    await addYaml(file, { base: folder, variables: own }, { folder, yaml, includedEnv, disk })

  const included = await Promise.all(includedEnv.map((file) => readEnv(file, 'included', { folder, disk, outer })))
  const variables = variablesFor([...included, env], facts)
  const services = servicesOf(yaml)
  const { envFiles, missingEnvFiles } = await readEnvFiles(services, { folder, variables, disk, environment })
  envFiles.push(...included.filter((file) => file !== null))
  const mounts = facts.localEngine ? await lookAtMounts(services, variables, disk) : []
  const mounted = await readMounted(mounts, services, { folder, variables, disk })
  return { folder, yaml, services, env, envFiles, missingEnvFiles, mounts, mounted, variables, facts }
}

interface YamlReading {
  /** The project's. */
  folder: string
  yaml: YamlFile[]
  /** Environment files of what is included. */
  includedEnv: string[]
  disk: Disk
}

/** What a file's relative paths are meant from, and its variables. */
interface Place {
  base: string
  variables: Variables
}

async function addYaml(file: string, { base, variables }: Place, to: YamlReading) {
  if (to.yaml.some(({ source }) => source.path === file)) return
  const bytes = await to.disk.read(file)
  if (bytes === null) throw new Problem('lint.file-missing', { path: file })
  const name = nameIn(to.folder, file)
  const source: SourceText = { path: file, name, encoding: 'utf8', text: bytes.toString('utf8') }
  const parsed = parseYaml(source, base)
  // What is no UTF-8 could not be written back as it was: no rule but the one about encodings may see it.
  const read = bytesOf(source).equals(bytes) ? parsed : { ...parsed, root: null }
  to.yaml.push(read)
  const include = plain(read, valueOf(read, read.root, 'include'))
  for (const included of includedIn(include, base, variables)) {
    to.includedEnv.push(...included.envFiles)
    const inside = { base: included.folder, variables: await variablesIn(included.envFiles, variables, to.disk) }
    for (const one of included.files) if ((await to.disk.look(one)) === 'file') await addYaml(one, inside, to)
  }
}

/** A node as a value; null where that cannot be told, which Compose tells itself. */
function plain(file: YamlFile, node: Node | null): unknown {
  try {
    return node?.toJS(file.document) ?? null
  } catch {
    return null // more aliases than any project has
  }
}

async function readEnv(
  file: string,
  role: EnvFile['role'],
  { folder, disk, outer }: Pick<Reading, 'folder' | 'disk'> & { outer: OuterVariables },
): Promise<EnvFile | null> {
  const bytes = await disk.read(file)
  if (bytes === null) return null
  const source: SourceText = {
    path: file,
    name: nameIn(folder, file),
    encoding: 'latin1',
    text: bytes.toString('latin1'),
  }
  return { source, role, ...readEnvFile(source.text, outer) }
}

const environmentOf = ({ environment }: LintFacts): Variables =>
  new Map(Object.entries(environment).filter((entry): entry is [string, string] => entry[1] !== undefined))

function variablesFor(envs: readonly (EnvFile | null)[], facts: LintFacts): Variables {
  const variables = new Map<string, string>()
  const environment = environmentOf(facts)
  for (const env of envs) {
    for (const entry of env?.entries ?? []) if (entry.read !== null) variables.set(entry.key, meantBy(entry))
    if (facts.compose !== 'standalone') continue
    for (const { key, value } of readAsCompose1(env?.source.text ?? '', environment)) variables.set(key, value)
  }
  for (const [key, value] of environment) variables.set(key, value)
  return variables
}

function servicesOf(yaml: YamlFile[]): ServiceView[] {
  const services = new Map<string, ServiceView>()
  for (const file of yaml) {
    for (const { key, keyNode, value } of entriesOf(file, valueOf(file, file.root, 'services'))) {
      if (!isMap(value)) continue
      const service = services.get(key) ?? { name: key, parts: [], isPartial: false }
      service.parts.push({ file, map: value, keyNode })
      service.isPartial ||= valueOf(file, value, 'extends') !== null
      services.set(key, service)
    }
  }
  return [...services.values()]
}

interface Reading {
  folder: string
  variables: Variables
  disk: Disk
}

async function readEnvFiles(
  services: ServiceView[],
  { folder, variables, disk, environment }: Reading & { environment: Variables },
) {
  // Compose 2 fills variables in from the project's `.env` as well.
  const outer = { compose1: environment, compose2: variables }
  const envFiles = new Map<string, EnvFile>()
  const missingEnvFiles: Project['missingEnvFiles'] = []
  for (const { name: service, parts } of services) {
    for (const { file, map } of parts) {
      const node = valueOf(file, map, 'env_file')
      for (const item of textOf(node) === null ? itemsOf(file, node) : node ? [node] : []) {
        const long = valueOf(file, item, 'path')
        const written = textOf(item) ?? textOf(long)
        if (written === null || textOf(valueOf(file, item, 'format')) === 'raw') continue
        const name = interpolate(written, variables)
        const place = placeOf(name, file.baseFolder, homedir())
        if (place === null || envFiles.has(place)) continue
        const read = await readEnv(place, 'container', { folder, disk, outer })
        if (read) envFiles.set(place, read)
        else if (textOf(valueOf(file, item, 'required')) !== 'false' && (await disk.look(place)) === 'missing') {
          missingEnvFiles.push({ file, node: long ?? item, service, name })
        }
      }
    }
  }
  return { envFiles: [...envFiles.values()], missingEnvFiles }
}

async function lookAtMounts(services: ServiceView[], variables: Variables, disk: Disk): Promise<MountedPlace[]> {
  const found: MountedPlace[] = []
  for (const mount of services.flatMap((service) => mountsOf(service, variables))) {
    if (mount.type !== 'bind' || !isBindSource(mount.source)) continue
    const place = placeOf(mount.source, mount.file.baseFolder, homedir())
    const kind = place === null ? 'unknown' : await disk.look(place)
    const neighbours = place !== null && kind === 'file' ? await disk.list(path.dirname(place)) : null
    found.push({ mount, place, kind, neighbours })
  }
  return found
}

/** Mounted files are read only where their bytes matter. */
export const isSecretFile = (file: string): boolean =>
  /(?:^|[\\/])(?:password|passwd|\.htpasswd)$|\.(?:token|secret|key|pem|password)$/i.test(file) ||
  (namesSecret(path.basename(file).replace(/\.[^.]*$/, '')) && !/\.(?:json|ya?ml|sh|py)$/i.test(file))

async function readMounted(mounts: MountedPlace[], services: ServiceView[], { folder, variables, disk }: Reading) {
  const scripts = new Set(services.flatMap((service) => scriptsOf(service, variables)))
  const found = new Map<string, MountedFile>()
  for (const { mount, place, kind } of mounts) {
    if (place === null || kind !== 'file' || found.has(place)) continue
    const isScript = scripts.has(mount.target) || /\.sh$/i.test(place)
    if (!isScript && !isSecretFile(place) && !isSecretFile(mount.target)) continue
    const bytes = await disk.read(place)
    if (bytes === null) continue
    const source: SourceText = {
      path: place,
      name: nameIn(folder, place),
      encoding: 'latin1',
      text: bytes.toString('latin1'),
    }
    found.set(place, { source, role: isScript ? 'script' : 'secret', mount })
  }
  return [...found.values()]
}
