import type { ServiceConfig } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { holdsArguments, wordsOf } from '../compose/files/arguments'
import { variablesOfEngine } from '../compose/files/variable'
import type { Compose } from '../compose/program/compose'
import type { Engine } from '../docker/engine'
import { Inspected } from '../docker/inspect/schema'
import { placeOfSource } from '../docker/mounts'

/** A folder of this machine, or of another, as a program sees it. */
export interface SeenFolder {
  /** As the program names it. */
  inside: string
  /** Where it lies on this machine; null where this machine cannot look. */
  place: string | null
  writable: boolean
}

/** What decides where a service's program looks for models. */
export interface Layout {
  /** What a container mounts; null where the program sees this machine as it is. */
  mounts: readonly SeenFolder[] | null
  args: readonly string[]
  /** Names of the container's variables that hold arguments. */
  variables: readonly string[]
  /** Where the program was started. */
  workdir: string | null
}

export interface LayoutNeeds {
  engine: Pick<Engine, 'client' | 'status'>
  compose: Pick<Compose, 'config'>
  /** The id of the container behind a service; null where there is none. */
  containerOf: (serviceId: string) => string | null
  platform: NodeJS.Platform
}

/** Words of a line of arguments, as a shell cuts them. */
const words = (line: string): string[] =>
  wordsOf([{ place: null, written: line, form: 'line', hasVariables: false }], new Map()).map(({ value }) => value)

/** Their names alone: a value may hold a password. */
const namesIn = (environment: Iterable<readonly [string, string | null]>): string[] =>
  [...environment].flatMap(([name]) => (holdsArguments(name) ? [name] : []))

const argumentsIn = (environment: Iterable<readonly [string, string | null]>): string[] =>
  [...environment].flatMap(([name, value]) => (value !== null && holdsArguments(name) ? words(value) : []))

/** Where a mount's source lies on this machine. */
function placeFor({ engine, platform }: LayoutNeeds): (source: string) => string | null {
  const kind = engine.status().info?.kind
  if (kind === 'remote') return () => null
  return (source) => placeOfSource(source, platform, kind === 'desktop')
}

async function layoutOfContainer(needs: LayoutNeeds, id: string): Promise<Layout | null> {
  const client = await needs.engine.client()
  const read = Inspected.safeParse(await client.getContainer(id).inspect())
  if (!read.success) return null
  const { Mounts, Path, Args, Config } = read.data
  const place = placeFor(needs)
  return {
    mounts: Mounts.map(({ Source, Destination, RW }) => ({
      ...{ inside: Destination, place: place(Source), writable: RW !== false },
    })),
    args: [Path, ...Args, ...argumentsIn(variablesOfEngine(Config.Env))],
    variables: namesIn(variablesOfEngine(Config.Env)),
    workdir: Config.WorkingDir === '' ? null : Config.WorkingDir,
  }
}

/** What the Compose files say, of a service that has no container yet. A volume's place is known to the engine alone. */
async function layoutOfFiles(needs: LayoutNeeds, spec: NonNullable<ServiceConfig['compose']>): Promise<Layout | null> {
  const found = (await needs.compose.config(spec)).services[spec.service]
  if (!found) return null
  const place = placeFor(needs)
  return {
    mounts: found.volumes.map(({ type, source, target, readOnly }) => ({
      ...{ inside: target, place: type === 'bind' ? place(source) : null, writable: !readOnly },
    })),
    args: [...(found.entrypoint ?? []), ...(found.command ?? []), ...argumentsIn(Object.entries(found.environment))],
    variables: namesIn(Object.entries(found.environment)),
    workdir: null,
  }
}

const textOf = (value: unknown): string[] => (typeof value === 'string' ? [value] : [])

/**
 * What is known of where a service looks for models; a reason where nothing is. Null for a service that has none: one
 * that Regie simulates.
 */
export async function layoutOf(config: ServiceConfig, needs: LayoutNeeds): Promise<Layout | Reason | null> {
  const { id, runtime, process: spec, compose } = config
  switch (runtime) {
    case 'simulator':
      return null
    case 'external':
      return reason('library.external', { id })
    case 'process':
      // References stand for secrets, which are no folders.
      return spec
        ? {
            ...{ mounts: null, args: [spec.command, ...spec.args.flatMap(textOf)] },
            ...{ variables: [], workdir: spec.cwd ?? null },
          }
        : reason('library.nowhere', { id })
    case 'compose':
      try {
        const container = needs.containerOf(id)
        const found =
          (container === null ? null : await layoutOfContainer(needs, container)) ??
          (compose ? await layoutOfFiles(needs, compose) : null)
        return found ?? reason('library.nowhere', { id })
      } catch (error) {
        if (error instanceof Problem) return error.reason
        // The engine's client throws its own: the container has just gone.
        return reason('library.nowhere', { id })
      }
  }
}
