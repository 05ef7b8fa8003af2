import type { Attention, GpuReport, PanelEvent } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { coalesce } from '../async/coalesce'
import type { Listen } from '../async/listeners'
import { createThrottle } from '../async/throttle'
import { attentionOf, type Facts, type Reason } from './items'

/** Between two looks, in ms: services tell of themselves in bursts. */
const everyMs = 200

export interface AttentionOptions {
  services: { list(): Facts['services'][number][]; invalid(): Facts['invalid'][number][] }
  engine: { status(): Facts['engine'] }
  vault: { status(): Facts['vault'] }
  /** Asked only while the vault is open. */
  credentials: { list(): Promise<Facts['credentials'][number][]> }
  /** Asked only while the vault is open. */
  policies: { schedules(): Promise<Facts['schedules'][number][]> }
  notices: () => Reason[]
  publish: (event: PanelEvent) => void
  listen: Listen<[PanelEvent]>
  /** Tells every sample of the GPUs, of which there is one a second while somebody looks at them. */
  onGpus: Listen<[GpuReport]>
  reportBug: (error: unknown) => void
}

/** Faults of a card that pass only when somebody acts. */
const lasting: ReadonlySet<string> = new Set(['gpu.requires-reset', 'gpu.lost'])

/** What is wrong with the cards of a report, each fault once. */
function faultsOf({ reason, gpus }: GpuReport): Reason[] {
  const faults = [reason, ...gpus.map(({ warning }) => warning)].filter(
    (fault) => fault !== undefined && lasting.has(fault.problem),
  )
  return [...new Map(faults.flatMap((fault) => (fault ? [[fault.message, fault] as const] : []))).values()]
}

const sameAs = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

export type AttentionList = ReturnType<typeof createAttention>

/**
 * Keeps the list of what needs a person, and tells it whenever it changes: it looks again when something happened that
 * it may hang on.
 */
export function createAttention(options: AttentionOptions) {
  const { services, engine, vault, credentials, policies } = options
  let cardFaults: Reason[] = []
  /** Reading them costs a look at every sink, so they are read again only when one has changed. */
  let secrets: Pick<Facts, 'credentials' | 'schedules'> = { credentials: [], schedules: [] }
  let areStale = true
  let last: Attention | null = null

  const readSecrets = async (): Promise<typeof secrets> =>
    vault.status().state === 'open'
      ? { credentials: await credentials.list(), schedules: await policies.schedules() }
      : { credentials: [], schedules: [] }

  const look = coalesce(async (): Promise<Attention> => {
    if (areStale) {
      // Before they are read: what changes meanwhile makes them stale again.
      areStale = false
      secrets = await readSecrets().catch((error: unknown) => {
        areStale = true
        throw error
      })
    }
    const next = attentionOf({
      ...secrets,
      services: services.list(),
      invalid: services.invalid(),
      engine: engine.status(),
      vault: vault.status(),
      notices: options.notices(),
      cardFaults,
    })
    if (!sameAs(last, next)) {
      last = next
      options.publish({ type: 'attention', attention: next })
    }
    return next
  })
  const soon = createThrottle(everyMs, () => {
    // A vault that closes in the middle says so itself, and then there is another look.
    void look().catch((error: unknown) => error instanceof Problem || options.reportBug(error))
  })

  const onEvent = (event: PanelEvent): void => {
    switch (event.type) {
      case 'credential':
      case 'credential-removed':
      case 'rotation-schedule':
      case 'vault':
        areStale = true
        soon.push(null)
        break
      case 'service':
      case 'service-removed':
      case 'engine':
      case 'rotation':
        soon.push(null)
        break
      case 'rotation-round':
      case 'rotation-due':
      case 'generation':
      case 'generation-removed':
      case 'settings':
      case 'access':
      case 'deployment':
      case 'timeline':
      case 'door-test':
      case 'attention':
      case 'hello':
        break
      default:
        event satisfies never
    }
  }
  const ends = [
    options.listen(onEvent),
    options.onGpus((report) => {
      const found = faultsOf(report)
      if (sameAs(found, cardFaults)) return
      cardFaults = found
      soon.push(null)
    }),
  ]

  return {
    /** What needs a person now. Throws a Problem when the vault is closed in the middle. */
    read(): Promise<Attention> {
      areStale = true
      return look()
    },

    close(): void {
      for (const end of ends) end()
      soon.drop()
    },
  }
}
