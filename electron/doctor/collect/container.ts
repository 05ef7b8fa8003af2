import path from 'node:path'
import type { ServiceKind } from '../../../shared/contract'
import { flagsOf, loginsOf, wordsOf } from '../../compose/files/arguments'
import { variablesOfEngine } from '../../compose/files/variable'
import { Inspected } from '../../docker/inspect/schema'
import type { Engine } from '../../docker/engine'
import { execCapture } from '../../docker/exec'
import { keysOf, liesInMount, placeKey } from '../../docker/mounts'
import { kindOf } from '../../kinds'
import { Problem } from '../../../shared/problems'

/** A value as it stands in a container. Holds secrets: kept no longer than the diagnosis takes. */
export interface ContainerValue {
  where: 'container-file' | 'environment' | 'command'
  place: string
  key: string
  raw: string
  /** The user before the colon, for `user:password` pairs. */
  username: string | null
}

export interface ContainerLookInside {
  name: string
  startedAt: number | null
  environment: ReadonlyMap<string, string>
  values: ContainerValue[]
  /** Published ports of this machine. */
  ports: { hostIp: string; hostPort: number }[]
  /** Whether the container sees a file of this machine. */
  sees(file: string): Promise<boolean>
}

const execTimeoutMs = 5000

/** The `user:password` pairs of a command, in one line or in words: the first of each flag. */
export function pairsIn(command: string | readonly string[], where: string): ContainerValue[] {
  const words = typeof command === 'string' ? [command] : command
  const form = typeof command === 'string' ? 'line' : 'item'
  const none = new Map<string, string>()
  const sources = words.map((written) => ({ place: null, written, form, hasVariables: false }) as const)
  const logins = loginsOf(flagsOf(wordsOf(sources, none)), none)
  return logins.flatMap(({ flag, word, user, password }, at) =>
    logins.findIndex((other) => other.word === word) === at
      ? [{ where: 'command', place: `${where}: ${flag}`, key: flag, raw: password.value, username: user.value }]
      : [],
  )
}

const looksLikeHash = (value: string) => /^\s*["']?[\\$]*\$2[abxy]?\$/.test(value)

/** Where a file of the host lies inside, if a mount brings it there. */
async function insideOf(mounts: Inspected['Mounts'], file: string): Promise<string | null> {
  const keys = await keysOf(file)
  for (const { Type, Source, Destination } of mounts) {
    if (Type !== 'bind' || Source === '') continue
    const base = placeKey(Source)
    const found = keys.find((key) => key === base || key.startsWith(`${base}/`))
    if (found !== undefined) return path.posix.join(Destination, found.slice(base.length))
  }
  return null
}

async function firstLineIn(engine: Pick<Engine, 'client'>, id: string, file: string, signal: AbortSignal) {
  try {
    const { exitCode, stdout } = await execCapture(engine, id, ['cat', file], {
      timeoutMs: execTimeoutMs,
      signal,
      maxBytes: 8192,
    })
    return exitCode === 0 ? (stdout.split('\n')[0] ?? '') : null
  } catch (error) {
    if (error instanceof Problem) return null
    throw error
  }
}

export interface LookInside {
  containerId: string
  /** Files of the host that the service's kind reads by itself. */
  loginFiles: readonly string[]
  /** Names of variables that carry the credential. */
  keys: ReadonlySet<string>
  kind: ServiceKind
  signal: AbortSignal
}

/**
 * Reads what a container was given: its environment, its command line, and the login file of its kind as the container
 * itself sees it. Null when it is gone or the engine is not there.
 */
export async function lookInside(
  engine: Pick<Engine, 'client' | 'status'>,
  { containerId, loginFiles, keys, kind, signal }: LookInside,
): Promise<ContainerLookInside | null> {
  if (engine.status().state !== 'connected') return null
  const client = await engine.client()
  // A container that went, or an engine that does not answer, is evidence for nothing: its causes stay unknown.
  const answer: unknown = await client
    .getContainer(containerId)
    .inspect()
    .catch(() => null)
  const read = Inspected.safeParse(answer)
  if (!read.success) return null
  const { Name, Config, Args, Path, Mounts, NetworkSettings, State } = read.data
  const name = Name.replace(/^\//, '')
  const environment = new Map(variablesOfEngine(Config.Env))
  const command = [Path, ...Args]
  const words = command.join(' ')
  const { loginFile, variables } = kindOf(kind).symptoms
  const values: ContainerValue[] = []
  for (const [key, raw] of environment) {
    const place = `${name}: ${key}`
    values.push(...pairsIn(raw, place))
    if (keys.has(key) || looksLikeHash(raw) || variables?.test(key) === true)
      values.push({ where: 'environment', place, key, raw, username: null })
  }
  values.push(...pairsIn(command, name))
  if (loginFile !== null && State.Status === 'running') {
    const folder = loginFile.folder.exec(words)?.[1] ?? Config.WorkingDir
    const mounted = await Promise.all(loginFiles.map((file) => insideOf(Mounts, file)))
    const files = new Set([
      ...mounted.filter((file) => file !== null),
      path.posix.join(folder === '' ? '/' : folder, loginFile.path),
    ])
    for (const file of files) {
      const raw = await firstLineIn(engine, containerId, file, signal)
      if (raw !== null) values.push({ where: 'container-file', place: `${name}:${file}`, key: '', raw, username: null })
    }
  }
  const started = Date.parse(State.StartedAt)
  const binds = Mounts.filter(({ Type }) => Type === 'bind').map(({ Source, Destination }) => ({
    containerId,
    source: Source,
    destination: Destination,
  }))
  return {
    name,
    startedAt: Number.isNaN(started) || started <= 0 ? null : started,
    environment,
    values,
    ports: Object.values(NetworkSettings.Ports ?? {}).flatMap((bindings) =>
      (bindings ?? []).flatMap(({ HostIp, HostPort }) =>
        /^\d+$/.test(HostPort) ? [{ hostIp: HostIp, hostPort: Number(HostPort) }] : [],
      ),
    ),
    sees: async (file) => liesInMount(binds, await keysOf(file)),
  }
}
