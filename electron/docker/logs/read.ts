import type Dockerode from 'dockerode'
import { Readable } from 'node:stream'
import * as z from 'zod'
import { onAbort } from '../../async/abort'
import type { CutPlaces } from '../../logs/cutting'
import { chunksOf } from '../chunks'
import { createLogParser, type EngineLine } from './parse'

export interface LogQuery {
  follow: boolean
  tail: number | 'all'
  /** Unix seconds with nanoseconds, as the engine takes them. */
  since?: string
  until?: string
}

/** What a container's log needs to know of it. */
const Inspected = z.object({
  State: z.object({ Running: z.boolean(), StartedAt: z.string() }),
  Config: z.object({
    Tty: z.boolean(),
    Env: z.array(z.string()).nullish(),
    Cmd: z.array(z.string()).nullish(),
    Entrypoint: z.array(z.string()).nullish(),
  }),
})

export interface LoggedContainer {
  id: string
  tty: boolean
  running: boolean
  /** As the engine says it: another text means another life. */
  startedAt: string
  environment: string[]
  command: string[]
}

export async function inspectForLog(docker: Dockerode, id: string, signal?: AbortSignal): Promise<LoggedContainer> {
  const { State, Config } = Inspected.parse(
    await docker.getContainer(id).inspect(signal ? { abortSignal: signal } : undefined),
  )
  return {
    id,
    tty: Config.Tty,
    running: State.Running,
    startedAt: State.StartedAt,
    environment: Config.Env ?? [],
    command: [...(Config.Entrypoint ?? []), ...(Config.Cmd ?? [])],
  }
}

/** Whether the engine refused because the container's logging driver keeps nothing to read. */
export const isUnreadable = (error: unknown): boolean =>
  error instanceof Error && /does not support reading/.test(error.message)

/**
 * Reads a container's log from the engine, as many lines at a time as lie ready. Ends when the engine ends it; throws
 * when it is cut, or what the engine said instead of going on. Returning closes the connection.
 */
export async function* readEngineLog(
  docker: Dockerode,
  container: Pick<LoggedContainer, 'id' | 'tty'>,
  query: LogQuery,
  { signal, places }: { signal: AbortSignal; places: CutPlaces },
): AsyncGenerator<EngineLine[], void, undefined> {
  // dockerode hands out a stream only when `follow` is set; `_query` is what it really asks.
  const options = {
    follow: true as const,
    abortSignal: signal,
    _query: { stdout: 1, stderr: 1, timestamps: 1, ...query, follow: query.follow ? 1 : 0 },
  }
  const stream = await docker.getContainer(container.id).logs(options)
  if (!(stream instanceof Readable)) throw new TypeError('the engine’s answer is no stream')
  const leave = onAbort(signal, () => void stream.destroy())
  const parser = createLogParser(container, places)
  try {
    for await (const chunk of chunksOf(stream)) {
      const { lines, error } = parser.push(chunk)
      if (lines.length > 0) yield lines
      if (error !== null) throw new Error(error)
    }
    const rest = parser.end()
    if (rest.length > 0) yield rest
  } finally {
    leave()
    stream.destroy()
  }
}
