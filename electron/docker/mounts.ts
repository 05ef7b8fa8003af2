import * as z from 'zod'
import { realpath } from 'node:fs/promises'
import type { Engine } from './engine'

/** A file or folder of the engine's machine that a container mounts. */
export interface BindMount {
  containerId: string
  /** As the engine names it: Docker Desktop writes its own names for Windows paths. */
  source: string
  /** Where it lies in the container. */
  destination: string
}

const Listed = z.array(
  z.object({
    Id: z.string(),
    Mounts: z
      .array(z.object({ Type: z.string().catch(''), Source: z.string().catch(''), Destination: z.string().catch('') }))
      .nullish(),
  }),
)

/** The bind mounts of every container, stopped ones too. Throws a Problem when there is no engine. */
export async function readBindMounts(engine: Pick<Engine, 'client'>): Promise<BindMount[]> {
  const client = await engine.client()
  const listed = Listed.safeParse(await client.listContainers({ all: true }))
  return (listed.data ?? []).flatMap(({ Id, Mounts }) =>
    (Mounts ?? [])
      .filter(({ Type, Source }) => Type === 'bind' && Source !== '')
      .map(({ Source, Destination }) => ({ containerId: Id, source: Source, destination: Destination })),
  )
}

/** Where Windows' drives appear: in Docker Desktop's virtual machine, and in WSL. */
const drivePrefixes = ['/host_mnt/', '/run/desktop/mnt/host/', '/mnt/host/', '/mnt/', '/']
/** A distribution's files as Windows names them; inside it they begin with `/`. */
const distribution = /^\/\/(?:wsl\$|wsl\.localhost)\/[^/]+/i

/**
 * One spelling for a path that Windows, WSL and Docker Desktop spell differently: `D:\a`, `/mnt/d/a` and
 * `/run/desktop/mnt/host/d/a` are one place.
 */
export function placeKey(path: string): string {
  const plain = path.replaceAll('\\', '/').replace(distribution, '')
  const drive = /^([A-Za-z]):(?:\/|$)(.*)$/.exec(plain)
  const [, letter, rest] = drive ?? fromPrefix(plain) ?? []
  const whole = letter === undefined ? plain : `${letter}:/${rest ?? ''}`.toLowerCase()
  return whole.length > 1 ? whole.replace(/\/+$/, '') : whole
}

/** `/mnt/d/a` as letter and rest; a prefix that no single letter follows is an ordinary folder. */
function fromPrefix(plain: string): RegExpExecArray | null {
  const prefix = drivePrefixes.find((known) => plain.startsWith(known))
  return prefix === undefined ? null : /^([a-z])(?:\/(.*))?$/.exec(plain.slice(prefix.length))
}

/**
 * Where a mount's source, as the engine names it, lies on this machine; null where that cannot be said, as for what
 * Docker Desktop keeps in its virtual machine.
 */
export function placeOfSource(source: string, platform: NodeJS.Platform, isDesktop: boolean): string | null {
  if (platform === 'win32') {
    const key = placeKey(source)
    return /^[a-z]:\//.test(key) ? key.replaceAll('/', '\\') : null
  }
  if (!isDesktop) return source.startsWith('/') ? source : null
  // Of a Mac's folders these are shared by their own names; from WSL nothing but its own files can be told apart.
  const shared = platform === 'darwin' ? /^(?:\/host_mnt)?(?<place>\/(?:Users|Volumes|private)\/.*)$/ : null
  return shared?.exec(source)?.groups?.['place'] ?? null
}

/** Whether the file itself is mounted, not its folder: such a mount keeps the file's inode. */
export const isMountedByItself = (mounts: readonly BindMount[], keys: readonly string[]): boolean =>
  mounts.some(({ source }) => keys.includes(placeKey(source)))

/** Whether a container sees the file through a mount, its own or a folder's. */
export const liesInMount = (mounts: readonly BindMount[], keys: readonly string[]): boolean =>
  mounts.some(({ source }) => {
    const folder = placeKey(source)
    return keys.some((key) => key === folder || key.startsWith(folder.endsWith('/') ? folder : `${folder}/`))
  })

/** The paths of a file of this machine: its own and, behind links, its real one. */
export const spellingsOf = async (file: string): Promise<string[]> => {
  const real = await realpath(file).catch(() => file)
  return [...new Set([file, real])]
}

/** The keys of a file of this machine, links seen through. */
export const keysOf = async (file: string): Promise<string[]> => [
  ...new Set((await spellingsOf(file)).map((spelling) => placeKey(spelling))),
]
