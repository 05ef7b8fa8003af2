import * as z from 'zod'
import { stat, statfs } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import type { EngineInfo } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import { within } from '../../async/within'
import type { Engine } from '../engine'
import { execCapture } from '../exec'

/** Room on a disk, in bytes. */
export interface DiskRoom {
  freeBytes: number
  totalBytes: number
}

/** The file that Docker Desktop keeps its whole disk in, and the room of the drive it lies on, in bytes. */
export interface DiskFile {
  path: string
  bytes: number
  freeBytes: number
}

/**
 * How much may still be written where the engine keeps its images, in bytes: at least and at most so much; null where
 * nothing says so. `where`: the place as a person knows it.
 */
export interface ImageRoom {
  leastBytes: number | null
  mostBytes: number | null
  where: string
}

/** What this machine is, as far as it tells whether the engine's folders are its own. */
export interface Here {
  platform: NodeJS.Platform
  hostname: string
  kernel: string
  env: NodeJS.ProcessEnv
  home: string
}

const here = (): Here => ({
  platform: process.platform,
  hostname: os.hostname(),
  kernel: os.release(),
  env: process.env,
  home: os.homedir(),
})

/** https://docs.docker.com/reference/api/engine/ : GET /info */
const Told = z.object({
  DockerRootDir: z.string().catch(''),
  Name: z.string().catch(''),
  KernelVersion: z.string().catch(''),
  DriverStatus: z.array(z.array(z.string())).nullish().catch(null),
})
export type EngineTold = z.infer<typeof Told>

/** How the engine describes itself as far as it concerns where its images lie; all empty where it tells nothing. */
export const readTold = (info: unknown): EngineTold => Told.parse(info ?? {})

/**
 * The folders of this machine in which the engine keeps images; none where they are of another machine, or of the
 * virtual machine that Docker Desktop and its like run the engine in.
 */
export function imageFolders(told: EngineTold, kind: EngineInfo['kind'], { platform, hostname, kernel }: Here) {
  const isHere = platform === 'linux' && told.Name === hostname && told.KernelVersion === kernel
  if (!isHere || kind === 'desktop' || kind === 'remote' || !told.DockerRootDir.startsWith('/')) return []
  const inContainerd =
    told.DriverStatus?.some((words) => words.join(' ').includes('io.containerd.snapshotter')) ?? false
  return inContainerd ? [told.DockerRootDir, '/var/lib/containerd'] : [told.DockerRootDir]
}

/** Where Docker Desktop keeps its disk unless it was told another place. */
export function desktopDisks({ platform, env, home }: Here): string[] {
  if (platform === 'win32') {
    const local = env['LOCALAPPDATA'] ?? path.win32.join(home, 'AppData', 'Local')
    const at = (...parts: string[]) => path.win32.join(local, 'Docker', 'wsl', ...parts)
    return [at('disk', 'docker_data.vhdx'), at('data', 'ext4.vhdx')]
  }
  if (platform === 'darwin')
    return [path.posix.join(home, 'Library/Containers/com.docker.docker/Data/vms/0/data/Docker.raw')]
  return [path.posix.join(home, '.docker/desktop/vms/0/data/Docker.raw')]
}

/**
 * The room in a disk that is a file which grows: what it holds free may be written at once, the rest only as far as the
 * drive below it has room.
 */
export function roomInFile(inside: DiskRoom | null, file: DiskFile | null): Omit<ImageRoom, 'where'> {
  if (file === null) return { leastBytes: null, mostBytes: inside?.freeBytes ?? null }
  if (inside === null) return { leastBytes: file.freeBytes, mostBytes: null }
  const unused = Math.max(0, file.bytes - (inside.totalBytes - inside.freeBytes))
  const room = Math.min(inside.freeBytes, file.freeBytes + unused)
  return { leastBytes: room, mostBytes: room }
}

/** `BLOCKS-FREE SIZE BLOCKS` as `stat -f` prints them; null for anything else. */
export function readStat(printed: string): DiskRoom | null {
  const found = /^(\d{1,16}) (\d{1,8}) (\d{1,16})\s*$/.exec(printed)
  const [free, size, all] = [Number(found?.[1]), Number(found?.[2]), Number(found?.[3])]
  return size > 0 && all > 0 ? { freeBytes: free * size, totalBytes: all * size } : null
}

const askMs = 5_000
/** So many running containers are asked at most. */
const mostAsked = 3

/** What a running container says of the disk that its own files lie on, which is the images'; null when none does. */
async function askContainers(engine: Pick<Engine, 'client' | 'containers'>): Promise<DiskRoom | null> {
  const running = engine.containers().filter(({ state }) => state === 'running')
  for (const { id } of running.slice(0, mostAsked)) {
    try {
      const asked = await execCapture(engine, id, ['stat', '-f', '-c', '%a %S %b', '/'], { timeoutMs: askMs })
      const room = readStat(asked.stdout)
      if (room !== null) return room
    } catch (error) {
      // It has ended meanwhile, or is stuck: the next one may tell.
      if (!(error instanceof Problem)) throw error
    }
  }
  return null
}

const roomAt = async (folder: string): Promise<DiskRoom | null> => {
  try {
    const { bavail, blocks, bsize } = await statfs(folder)
    return { freeBytes: bavail * bsize, totalBytes: blocks * bsize }
  } catch {
    return null // not there, or not ours to see: then it says nothing
  }
}

async function diskFile(places: readonly string[], platform: NodeJS.Platform): Promise<DiskFile | null> {
  for (const file of places) {
    const found = await stat(file).catch(() => null)
    const drive = found && (await roomAt(file))
    // A sparse file is as large as its blocks; Windows has none such here, and tells no blocks.
    if (drive)
      return { path: file, bytes: platform === 'win32' ? found.size : found.blocks * 512, freeBytes: drive.freeBytes }
  }
  return null
}

/**
 * How much room there is for images. Asks the disk where this machine has it, else running containers and, for Docker
 * Desktop, the drive that its disk lies on. Starts nothing. Throws a Problem when there is no engine.
 */
export async function roomForImages(
  engine: Pick<Engine, 'client' | 'containers' | 'status'>,
  at: Here = here(),
): Promise<ImageRoom> {
  const client = await engine.client()
  let told = readTold(null)
  await within(
    askMs,
    client.info().then((info) => (told = readTold(info))),
  ).catch(() => false) // then it tells nothing
  const kind = engine.status().info?.kind ?? 'native'
  const where = told.DockerRootDir
  const seen = (await Promise.all(imageFolders(told, kind, at).map(roomAt))).filter((room) => room !== null)
  if (seen.length > 0) {
    const room = Math.min(...seen.map(({ freeBytes }) => freeBytes))
    return { leastBytes: room, mostBytes: room, where }
  }
  const inside = await askContainers(engine)
  // Off Linux every engine of this machine lies in a virtual machine, whose disk may be a file that grows.
  if (kind !== 'desktop' && (at.platform === 'linux' || kind === 'remote')) {
    const room = inside?.freeBytes ?? null
    return { leastBytes: room, mostBytes: room, where }
  }
  const file = kind === 'desktop' ? await diskFile(desktopDisks(at), at.platform) : null
  return { ...roomInFile(inside, file), where: file?.path ?? where }
}
