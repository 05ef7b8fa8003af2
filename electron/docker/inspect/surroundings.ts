import { variablesOfEngine } from '../../compose/files/variable'
import type { Engine } from '../engine'
import { containerProblem } from '../exec'
import { Inspected } from './schema'

/** What a container was made with, values included: for comparing, never for showing. */
export interface ContainerSurroundings {
  name: string
  isRunning: boolean
  /** Unix ms. */
  createdAt: number | null
  startedAt: number | null
  environment: ReadonlyMap<string, string>
}

const timeOf = (text: string | number | null | undefined) => {
  const time = Date.parse(String(text ?? ''))
  return Number.isNaN(time) || time <= 0 ? null : time
}

/** Reads a container's environment. Throws a Problem when it is gone or there is no engine; null for a strange answer. */
export async function readSurroundings(
  engine: Pick<Engine, 'client'>,
  containerId: string,
): Promise<ContainerSurroundings | null> {
  const client = await engine.client()
  const answer: unknown = await client
    .getContainer(containerId)
    .inspect()
    .catch((error: unknown) => {
      throw containerProblem(error, containerId)
    })
  const read = Inspected.safeParse(answer)
  if (!read.success) return null
  const { Name, State, Created, Config } = read.data
  return {
    name: Name.replace(/^\//, ''),
    isRunning: State.Status === 'running',
    createdAt: timeOf(Created),
    startedAt: timeOf(State.StartedAt),
    environment: new Map(variablesOfEngine(Config.Env)),
  }
}
