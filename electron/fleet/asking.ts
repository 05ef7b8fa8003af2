import type Dockerode from 'dockerode'
import type { Machine } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { orAborted } from '../async/abort'
import { engineError } from '../docker/exec'
import { beginning, type Redact } from '../logs/cutting'
import { InfoAnswer, NodeAnswer, readAll, ServiceAnswer, TaskAnswer } from './answers'

/** What the fleet needs of the machines. */
export interface FleetMachines {
  list(): Machine[]
  /** The engine of a machine. Throws a Problem where there is none, or it does not answer. */
  client(id: string): Promise<Dockerode>
}

/** How long an engine may take for an answer, and for a join or a leave, in ms. */
const answerMs = 10_000
const actMs = 60_000

/** Whoever has one of these lets a machine into the Swarm: no words of an engine carry one further. */
const withoutTokens = (text: string) => text.replace(/SWMTKN-[\w-]+/g, 'SWMTKN-…')

/** The words of an engine that refused something, as far as they may be shown. */
export const wordsOf = (error: unknown, redact: Redact): string =>
  beginning(withoutTokens(engineError(error).detail), 300, redact)

/** Asks an engine; what it refuses is a Problem with its own words. */
export async function asked<T>(
  machine: Pick<Machine, 'name'>,
  redact: Redact,
  ask: (options: { abortSignal: AbortSignal }) => Promise<T>,
  patienceMs = answerMs,
): Promise<T> {
  const abortSignal = AbortSignal.timeout(patienceMs)
  try {
    return await orAborted(ask({ abortSignal }), abortSignal)
  } catch (error) {
    if (error instanceof Problem) throw error
    if (abortSignal.aborted) throw new Problem('fleet.engine-silent', { machine: machine.name })
    // No cause: an engine's error may hold what it was asked, and that holds tokens and secrets.
    // oxlint-disable-next-line preserve-caught-error
    throw new Problem('fleet.engine-refused', { machine: machine.name, words: wordsOf(error, redact) })
  }
}

/** The same for what takes its time: the engine answers when it is done. */
export const acted = <T>(
  machine: Pick<Machine, 'name'>,
  redact: Redact,
  act: (options: { abortSignal: AbortSignal }) => Promise<T>,
): Promise<T> => asked(machine, redact, act, actMs)

/** What an engine says of itself and its Swarm. */
export async function infoOf(docker: Dockerode): Promise<InfoAnswer> {
  const answer: unknown = await docker.info()
  return InfoAnswer.parse(answer)
}

/** What a manager says of its nodes, and of what runs there. */
export async function rosterOf(docker: Dockerode, options: { abortSignal: AbortSignal }) {
  const [nodes, tasks, services]: unknown[] = await Promise.all([
    docker.listNodes(options),
    docker.listTasks(options),
    docker.listServices(options),
  ])
  return {
    nodes: readAll(NodeAnswer, nodes),
    tasks: readAll(TaskAnswer, tasks),
    services: readAll(ServiceAnswer, services),
  }
}
