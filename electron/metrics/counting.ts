import type { Generation, PanelEvent, Rotation } from '../../shared/contract'
import type { Instruments } from './instruments'
import type { CountedListener } from './ports'

type Counted = Instruments['counted']

const seconds = (ms: number) => ms / 1000

/** Whether a record has just come to its end: it is told again when something of it changes later. */
function createEndings() {
  const open = new Set<string>()
  return (id: string, hasEnded: boolean): boolean => {
    if (!hasEnded) open.add(id)
    return hasEnded && open.delete(id)
  }
}

function countGeneration(
  { generations, generationSeconds, generationWaitSeconds }: Counted,
  { serviceId: service, state, createdAt, startedAt, finishedAt }: Generation,
): void {
  generations.inc({ service, outcome: state })
  if (startedAt !== null) generationWaitSeconds.observe({ service }, seconds(startedAt - createdAt))
  if (state === 'succeeded' && finishedAt !== null)
    generationSeconds.observe({ service }, seconds(finishedAt - createdAt))
}

function countRotation(
  { rotations, rotationSeconds }: Counted,
  { credentialId: credential, state: outcome, startedAt, finishedAt }: Rotation,
): void {
  rotations.inc({ credential, outcome })
  if (finishedAt !== null) rotationSeconds.observe({ outcome }, seconds(finishedAt - startedAt))
}

/** Counts what ends, as the panel tells of it. */
export function countingEvents({ counted }: Instruments): (event: PanelEvent) => void {
  const hasGenerationEnded = createEndings()
  const hasRotationEnded = createEndings()
  return (event) => {
    if (event.type === 'generation') {
      const { id, finishedAt } = event.generation
      if (hasGenerationEnded(id, finishedAt !== null)) countGeneration(counted, event.generation)
    }
    if (event.type === 'rotation') {
      const { id, state } = event.rotation
      if (hasRotationEnded(id, state !== 'running')) countRotation(counted, event.rotation)
    }
  }
}

/** How what ends may end. */
const outcomes = {
  generation: ['succeeded', 'failed', 'cancelled'],
  rotation: ['committed', 'rolled-back', 'failed'],
} as const satisfies { generation: readonly Generation['state'][]; rotation: readonly Rotation['state'][] }

/** Begins series at 0, so that their first growth is seen: Prometheus takes no series' beginning for one. */
export function beginSeries(
  { counted }: Pick<Instruments, 'counted'>,
  services: readonly string[],
  credentials: readonly string[],
) {
  const use = countingUse({ counted })
  for (const service of services) {
    use(service, {})
    for (const outcome of outcomes.generation) counted.generations.inc({ service, outcome }, 0)
  }
  for (const credential of credentials)
    for (const outcome of outcomes.rotation) counted.rotations.inc({ credential, outcome }, 0)
}

/** Counts what people use, with the figures by which limits go. */
export const countingUse =
  ({ counted }: Pick<Instruments, 'counted'>): CountedListener =>
  (service, { requests = 0, bytesIn = 0, bytesOut = 0, jobs = 0, failed = 0, refused = 0, images = 0, gpuMs = 0 }) => {
    counted.requests.inc({ service }, requests)
    counted.received.inc({ service }, bytesIn)
    counted.sent.inc({ service }, bytesOut)
    counted.jobs.inc({ service }, jobs)
    counted.jobsFailed.inc({ service }, failed)
    counted.jobsRefused.inc({ service }, refused)
    counted.images.inc({ service }, images)
    counted.gpuSeconds.inc({ service }, seconds(gpuMs))
  }
