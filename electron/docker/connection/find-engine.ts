import type { EngineAttempt, EngineInfo } from '../../../shared/contract'
import { reason, type Reason } from '../../../shared/problems'
import { onAbort } from '../../async/abort'
import type Dockerode from 'dockerode'
import { searchFor, type Candidate, type Surroundings } from './candidates'
import { readChosenContext } from './docker-files'
import { environmentFor, type Endpoint } from './endpoint'
import { chooseFailure, explainFailure, platformOf, type Around, type Failure } from './failures'
import { isDockerInstalled } from './installed'
import { openLink, type Link } from './link'
import { negotiate, readClock, readInfo } from './negotiate'

/** An engine that answered, and the way to it. */
export interface FoundEngine {
  endpoint: Endpoint
  docker: Dockerode
  info: EngineInfo
  environment: Record<string, string>
  /** The engine's clock when it was found, Unix ms. */
  clock: number
  close: () => void
}

export type SearchResult = { attempts: EngineAttempt[] } & (
  | { found: FoundEngine }
  | { found: null; reason: Reason; command: string | null }
)

/** Asks one candidate after the other until an engine answers that speaks with Regie, or the signal ends the search. */
export async function findEngine(where: Surroundings, signal: AbortSignal): Promise<SearchResult> {
  const chosen = where.setting === null && !where.env['DOCKER_HOST'] ? await readChosenContext(where) : null
  const { candidates, skipped } = searchFor(where, chosen)
  const around: Around = {
    platform: platformOf(where.platform),
    installed: await isDockerInstalled(where.platform, where.env),
    redact: where.redact,
  }
  const attempts: EngineAttempt[] = []
  const failures: Failure[] = []
  for (const candidate of candidates) {
    if (signal.aborted) break
    const tried = await tryCandidate(candidate, where, around, signal)
    if ('found' in tried) {
      attempts.push({ source: candidate.source, endpoint: candidate.shown, answered: 'connected' })
      return { attempts: [...attempts, ...skipped], found: tried.found }
    }
    failures.push(tried.failure)
    attempts.push({ source: candidate.source, endpoint: candidate.shown, answered: tried.failure.answered })
  }
  const failure = chooseFailure(failures)
  return {
    attempts: [...attempts, ...skipped],
    found: null,
    reason: failure?.reason ?? reason(`docker.not-installed-${around.platform}`),
    command: failure?.command ?? null,
  }
}

async function tryCandidate(
  { endpoint, certFolder, problem }: Candidate,
  { env }: Surroundings,
  around: Around,
  signal: AbortSignal,
): Promise<{ found: FoundEngine } | { failure: Failure }> {
  if (endpoint === null) {
    const why = problem ?? reason('docker.connecting')
    return { failure: { reason: why, answered: why.problem.replace('docker.', ''), command: null } }
  }
  let link: Link | null = null
  // Whatever is under way then fails at once.
  const leave = onAbort(signal, () => link?.close())
  try {
    link = await openLink(endpoint, env)
    signal.throwIfAborted()
    const known = await negotiate(link, env['DOCKER_API_VERSION'] || null)
    const docker = await link.client(known.api)
    const told: unknown = await docker.info()
    const info = readInfo(told, endpoint, known)
    const environment = environmentFor(endpoint, certFolder)
    return { found: { endpoint, docker, info, environment, clock: readClock(told, known.clock), close: link.close } }
  } catch (error) {
    link?.close()
    return { failure: explainFailure(error, endpoint, around) }
  } finally {
    // A search may go on for days: nothing of a try is left on its signal.
    leave()
  }
}
