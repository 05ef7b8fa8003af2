import type Dockerode from 'dockerode'
import { hostname } from 'node:os'
import * as z from 'zod'
import { Problem, reason, type ProblemId } from '../../../../shared/problems'
import { readFacts, type ContainerFacts } from '../../container/facts'
import { explainFailure } from '../../../compose/program/failures'
import { readContainers } from '../../../docker/containers'
import type { Container, Engine } from '../../../docker/engine'
import { realDisk } from '../../../compose/files/disk'
import { placeOfSource } from '../../../docker/mounts'
import type { Exit } from '../../../system/exit-codes'
import type { Run } from '../runtime'

type EngineAction = 'start' | 'stop' | 'restart' | 'unpause' | 'rename' | 'remove'

const statusOf = (error: unknown): number | null =>
  error instanceof Error && 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : null

/** What the engine said, without dockerode's words around it. */
const saidOf = (error: unknown): string =>
  error instanceof Error ? error.message.replace(/^\(HTTP code \d+\) [^-]*- /, '').trim() : ''

/** Names what the engine answered to an action on a container. */
export function nameRefusal(
  error: unknown,
  about: { action: EngineAction; name: string; redact: (text: string) => string },
): Problem {
  if (error instanceof Problem) return error
  const line = about.redact(saidOf(error))
  if (statusOf(error) === null) return new Problem('compose.engine-unreachable', { line })
  const why = explainFailure(line) ?? reason('compose.start-failed', { action: about.action, name: about.name, line })
  return new Problem(why.problem satisfies ProblemId, why.params)
}

/** Whether a container lives: it runs, is paused, or will be up again by itself. */
export const isUp = (state: ContainerFacts['state']) =>
  state === 'running' || state === 'restarting' || state === 'paused'

/** A container as the engine sees it now; `null` when it is gone. Throws what the engine throws. */
export async function inspectContainer(client: Dockerode, id: string): Promise<ContainerFacts | null> {
  try {
    return readFacts(await client.getContainer(id).inspect())
  } catch (error) {
    if (statusOf(error) === 404) return null
    throw error
  }
}

/** The containers of a project, or of one service in it, as the engine lists them now. Throws `compose.engine-unreachable`. */
export async function containersIn(client: Dockerode, project: string, service?: string): Promise<Container[]> {
  const ofService = service === undefined ? [] : [`com.docker.compose.service=${service}`]
  const label = [`com.docker.compose.project=${project}`, ...ofService]
  try {
    const answer: unknown = await client.listContainers({ all: true, filters: { label } })
    return readContainers(answer)
  } catch (error) {
    throw new Problem('compose.engine-unreachable', { line: error instanceof Error ? error.message : '' })
  }
}

const Mounted = z.object({
  Mounts: z.array(z.object({ Type: z.string().catch(''), Source: z.string().catch('') })).nullish(),
})

/**
 * What a container mounts from this machine and is not there any more. Docker would make an empty folder of each when
 * the container starts, and the service would find nothing in it. Empty where it cannot be told.
 */
export async function missingSources(
  engine: Pick<Engine, 'client' | 'containers' | 'status'>,
  id: string,
): Promise<string[]> {
  const kind = engine.status().info?.kind
  // Another machine has other folders, and so has this panel where it runs in a container of the engine itself.
  const isInside = engine.containers().some((container) => container.id.startsWith(hostname()))
  if (kind === undefined || kind === 'remote' || isInside) return []
  const client = await engine.client()
  const read = Mounted.safeParse(await client.getContainer(id).inspect())
  const sources = (read.data?.Mounts ?? []).filter(({ Type }) => Type === 'bind').map(({ Source }) => Source)
  const found = await Promise.all(
    sources.map(async (source) => {
      const place = placeOfSource(source, process.platform, kind === 'desktop')
      return place !== null && (await realDisk.look(place)) === 'missing' ? [place] : []
    }),
  )
  return found.flat()
}

/** Does something to a container that may have been done already (304), or be gone (404). */
export async function quietly(work: Promise<unknown>, alsoGone = false): Promise<void> {
  try {
    await work
  } catch (error) {
    const status = statusOf(error)
    if (status !== 304 && !(alsoGone && status === 404)) throw error
  }
}

const Networks = z.array(z.object({ Id: z.string(), Name: z.string(), Created: z.string().catch('') }))

/** Removes a project's networks that stand there twice, but for the oldest of a name; one in use stays. */
export async function removeTwins(client: Dockerode, project: string): Promise<void> {
  const label = [`com.docker.compose.project=${project}`]
  // What could not be cleared away now is cleared at the next start.
  const found = Networks.safeParse(await client.listNetworks({ filters: { label } }).catch(() => []))
  const networks = (found.data ?? []).sort((a, b) => a.Created.localeCompare(b.Created) || a.Id.localeCompare(b.Id))
  const names = new Set<string>()
  for (const { Id, Name } of networks) {
    if (names.has(Name))
      await client
        .getNetwork(Id)
        .remove()
        .catch(() => undefined)
    names.add(Name)
  }
}

/** An end of which Docker tells no more; what is known of it is the container's to say. */
const unknownExit: Exit = { code: null, signal: null }

/** A connection that failed or was closed: the engine's matter, and no bug. */
export const isConnectionError = (error: unknown) =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && statusOf(error) === null

export interface FollowOptions {
  engine: Pick<Engine, 'client' | 'containers' | 'onChange' | 'status'>
  /** Asks the engine for a container; `null` when it is gone. */
  learn: (id: string) => Promise<ContainerFacts | null>
  redact: (text: string) => string
  reportBug: (error: unknown) => void
}

/**
 * The life of one container: it lasts over restarts by Docker, over a pause and over a time without the engine, and
 * ends when the container stands still or is gone, whoever did it.
 */
export function followContainer(id: string, name: string, { engine, learn, redact, reportBug }: FollowOptions): Run {
  let hasEnded = false
  let resolve: (exit: Exit) => void = () => undefined
  const ended = new Promise<Exit>((settle) => (resolve = settle))

  const end = (exit: Exit) => {
    if (hasEnded) return
    hasEnded = true
    unlisten()
    resolve(exit)
  }

  /** Asks the engine itself: events and lists may be of another moment. */
  async function look(): Promise<void> {
    try {
      const facts = await learn(id)
      if (facts === null) end(unknownExit)
      else if (!isUp(facts.state)) end({ code: facts.exitCode, signal: null })
    } catch (error) {
      // Without the engine nothing is known: it goes on as it was last seen.
      if (!(error instanceof Problem) && !isConnectionError(error)) reportBug(error)
    }
  }

  const unlisten = engine.onChange((change) => {
    switch (change.type) {
      case 'event':
        if (change.event.containerId === id && ['die', 'destroy', 'stop'].includes(change.event.action)) void look()
        return
      case 'containers': {
        const listed = engine.containers().find((container) => container.id === id)
        if (engine.status().state === 'connected' && (!listed || !isUp(listed.state))) void look()
        return
      }
      case 'status':
      case 'pull':
        return
    }
  })
  void look()

  return {
    pid: null,
    ended,
    async stop(graceMs) {
      // What stands still may have been started anew by somebody else.
      if (hasEnded) return true
      try {
        const client = await engine.client()
        await quietly(client.getContainer(id).stop({ t: Math.ceil(graceMs / 1000) }), true)
        const facts = await learn(id)
        const stands = facts === null || !isUp(facts.state)
        if (stands) end(facts === null ? unknownExit : { code: facts.exitCode, signal: null })
        return stands
      } catch (error) {
        throw nameRefusal(error, { action: 'stop', name, redact })
      }
    },
  }
}
