import path from 'node:path'
import type { ServiceConfig } from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import { contextOf } from '../credentials'
import { recordOf } from '../credentials/credentials'
import type { Serial } from '../async/serial'
import { prove, type ProofFinding } from '../credentials/proof'
import type { ServiceClaim } from '../services/services'
import type { Containers } from './containers'
import type { Images } from './images'
import type { UpdateFacts, UpdateJournal } from './journal'
import type { Patience, UpdateParts } from './parts'
import type { StepId, UpdateRecord } from './record'

/** Everything that one update works with, on its way there and on its way back. */
export interface UpdateRun {
  parts: UpdateParts
  patience: Patience
  images: Images
  containers: Containers
  journal: UpdateJournal
  /** To switch: services of one stack share the names of its images. */
  inTurn: Serial
  record: UpdateRecord
  /** What is noted beside each step. */
  facts: UpdateFacts
  config: ServiceConfig
  /** Nobody else touches the service meanwhile. */
  claim: ServiceClaim
  who: string
  /** Aborted by a roll-back that is asked for, and when the panel ends; from `keep` on it is not looked at. */
  signal: AbortSignal
}

export const idOf = ({ record }: Pick<UpdateRun, 'record'>): string => record.snapshot().id

/** Where an update keeps what it may have to put back, and works meanwhile. */
export function placesOf(filesFolder: string, updateId: string) {
  const root = path.join(filesFolder, updateId)
  return {
    root,
    /** Files of the old version, as they were to the byte. */
    old: path.join(root, 'old'),
    /** Files of the new version, from which it is built and tried. */
    staged: path.join(root, 'new'),
    /** Copies and throw-away folders of the new version while it is tried. */
    beside: path.join(root, 'beside'),
    picture: (of: 'old' | 'new') => path.join(root, `${of}.png`),
  }
}

export const places = (run: Pick<UpdateRun, 'parts' | 'record'>) => placesOf(run.parts.filesFolder, idOf(run))

/** Notes a step in the journal; it may begin when this resolves. */
export const note = ({ journal, record, facts }: UpdateRun, step: StepId): Promise<void> =>
  journal.note({ at: Date.now(), step, update: record.snapshot(), facts: structuredClone(facts) })

/** How a service answers at an address: strangers and made-up secrets refused, the vault's accepted. */
export async function proveAt(
  { parts, patience, config, facts }: Pick<UpdateRun, 'parts' | 'patience' | 'config' | 'facts'>,
  url: string,
  signal: AbortSignal,
): Promise<ProofFinding> {
  const context = contextOf(parts.credentials)
  const { secret } = recordOf(context, facts.credentialId)
  return prove({
    targets: [{ id: config.id, kind: config.kind, url }],
    surfacesOf: context.surfacesOf,
    secrets: { old: null, fresh: secret },
    signal,
    patienceMs: patience.proofMs,
  })
}

/** Throws why a proof did not come about. */
export function assertProven({ outcome, reason: why }: ProofFinding): void {
  if (outcome === 'proven') return
  throw new Problem(...asThrown(why ?? reason('updates.unexpected')))
}

export const asThrown = ({ problem, params }: Reason): [Reason['problem'], Reason['params']] => [problem, params]

/** Where the new version is tried. */
export const besideUrl = (port: number) => `http://127.0.0.1:${port}`

/** The port of this machine that a service is reached by. */
export function portOf({ url }: Pick<ServiceConfig, 'url'>): number {
  const { port, protocol } = new URL(url)
  return port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port)
}

/** What is thrown where a version makes no test picture that can be read, or none in time. */
export const pictureProblems = {
  none: () => new Problem('updates.no-picture'),
  late: (seconds: number) => new Problem('updates.picture-late', { seconds }),
}
