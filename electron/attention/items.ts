import type {
  Attention,
  AttentionItem,
  Credential,
  EngineStatus,
  InvalidService,
  RotationSchedule,
  Service,
  Update,
  VaultStatus,
} from '../../shared/contract'
import { isPaused, isUnseen, isUp } from '../../shared/service-state'
import type { CardWarning } from './cards'

/** Why something is amiss, in the form in which the contract tells it. */
export type Reason = NonNullable<AttentionItem['reason']>

/** All that is known of what may need a person. */
export interface Facts {
  services: readonly Service[]
  credentials: readonly Credential[]
  schedules: readonly RotationSchedule[]
  /** Of stacks, the newest first. */
  updates: readonly Update[]
  invalid: readonly InvalidService[]
  engine: EngineStatus
  vault: VaultStatus
  notices: readonly Reason[]
  /** What is wrong with the cards. */
  cardFaults: readonly Reason[]
  /** Cards that are at a limit. */
  cardWarnings: readonly CardWarning[]
  /** What further sources have found. */
  found?: readonly AttentionItem[]
  /** What cannot be told now, beside what follows from the rest. */
  unknown?: readonly AttentionItem['kind'][]
}

/** States that want a person, worst first. */
const troubles = ['locked-out', 'unhealthy', 'unreachable'] as const

type Trouble = (typeof troubles)[number]

/** Why it wants a person: what blocks work and will not get better by itself. Null where nothing does. */
const troubleOf = ({ health, operation }: Service): Trouble | null =>
  operation === null ? (troubles.find((state) => state === health.state) ?? null) : null

type Item = Omit<AttentionItem, 'subject' | 'count' | 'since' | 'urgent'> & Partial<AttentionItem>

/** An item of its few certain parts. */
export const told = ({ reason, ...item }: Omit<Item, 'reason'> & { reason?: Reason | undefined }): AttentionItem => ({
  subject: null,
  count: 1,
  since: null,
  urgent: false,
  ...item,
  ...(reason && { reason }),
})

function reasonOf({ health: { reason, hint = '', problem = '', params = {} } }: Service): Reason | undefined {
  return reason === undefined ? undefined : { problem, params, message: reason, hint }
}

function dockerItems({ services, engine }: Facts): AttentionItem[] {
  const unseen = services.filter(isUnseen)
  if (unseen.length === 0) return []
  const since = engine.state === 'unreachable' ? engine.since : null
  const { reason } = engine
  const leadsTo = { page: 'services' } as const
  return [told({ id: 'docker', kind: 'docker', count: unseen.length, reason, since, urgent: true, leadsTo })]
}

const serviceItems = ({ services }: Facts): AttentionItem[] =>
  services.flatMap((service) => {
    const { id, health } = service
    const trouble = troubleOf(service)
    if (trouble === null) return []
    const isLocked = trouble === 'locked-out'
    const kind = isPaused(service) && !isLocked ? 'service-paused' : (`service-${trouble}` as const)
    const leadsTo = { page: 'services', id, ...(isLocked && { tab: 'doctor' }) } as const
    const about = { subject: id, reason: reasonOf(service), since: health.since }
    return [told({ id: `service ${id}`, kind, ...about, urgent: true, leadsTo })]
  })

/** Services that are on a card, or would be: their programs were seen there, or it is the one that they are to use. */
const onCard = (services: readonly Service[], { uuid, services: seen }: CardWarning): string[] =>
  services
    .filter((service) => seen.includes(service.id) || (service.gpu?.uuid === uuid && isUp(service)))
    .map(({ id }) => id)

const cardItems = ({ cardWarnings, services }: Facts): AttentionItem[] =>
  cardWarnings.map((card) => {
    const { uuid, kind, reason, since } = card
    const leadsTo = { page: 'gpus', id: uuid } as const
    return told({ id: `${kind} ${uuid}`, kind, reason, since, services: onCard(services, card), leadsTo })
  })

const gpuItems = ({ cardFaults }: Facts): AttentionItem[] =>
  cardFaults.map((reason) =>
    told({ id: `gpu ${reason.message}`, kind: 'gpu', reason, urgent: true, leadsTo: { page: 'gpus' } }),
  )

/** What an administrator decides on the Settings page. */
const decisions: ReadonlySet<string> = new Set(['vault.rolled-back', 'vault.missing', 'vault.gone'])

function vaultItems({ vault: { state, reason } }: Facts): AttentionItem[] {
  if (state !== 'locked' && state !== 'unreadable') return []
  const kind = decisions.has(reason?.problem ?? '') ? 'vault-waiting' : (`vault-${state}` as const)
  const leadsTo = { page: state === 'unreadable' ? 'settings' : 'credentials' } as const
  return [told({ id: 'vault', kind, reason, urgent: true, leadsTo })]
}

const invalidItems = ({ invalid }: Facts): AttentionItem[] =>
  invalid.length === 0
    ? []
    : [told({ id: 'invalid', kind: 'invalid', count: invalid.length, leadsTo: { page: 'services' } })]

/** What stands at the foot of the rail and in the settings, and needs nobody. */
const standing: ReadonlySet<string> = new Set(['demo.key-file'])

/** What a notice is about, where it tells that: two of a kind are two things, of which one may be put aside. */
const aboutOf = ({ params: { id, service, services } }: Reason): string => {
  const about = [id, service, services].find((one) => one !== undefined)
  return about === undefined ? '' : ` ${about}`
}

const noticeItems = ({ notices }: Facts): AttentionItem[] =>
  notices
    .filter(({ problem }) => !standing.has(problem))
    .map((reason) =>
      told({
        id: `notice ${reason.problem}${aboutOf(reason)}`.slice(0, 500),
        kind: 'notice',
        reason,
        leadsTo: { page: 'settings', ...(reason.problem.startsWith('audit.') && { id: 'audit' }) },
      }),
    )

/** What differs or fails beside the ladder of services that work otherwise. */
const containerItems = ({ services }: Facts): AttentionItem[] =>
  services
    .filter((service) => service.operation === null && isUp(service))
    .flatMap((service) => {
      const { id, health, pending } = service
      const about = { subject: id, leadsTo: { page: 'services', id } } as const
      const failed = troubleOf(service) !== null ? [] : health.checks.filter(({ state }) => state === 'failed')
      const items = failed.flatMap(({ id: check, reason, at }) =>
        reason ? [told({ id: `check ${id} ${check}`, kind: 'check', ...about, reason, since: at })] : [],
      )
      return pending
        ? [...items, told({ id: `pending ${id}`, kind: 'pending', ...about, reason: pending.reason })]
        : items
    })

function credentialItems({ credentials, services }: Facts): AttentionItem[] {
  const lockedOut = new Set(
    services.filter((service) => troubleOf(service) !== null).map(({ credentialId }) => credentialId),
  )
  return credentials
    .filter(({ id, state }) => (state === 'refused' && !lockedOut.has(id)) || state === 'drifted')
    .map(({ id, state, drifted, lastProof, changedAt }) => {
      const about = { id: `credential ${id}`, subject: id, leadsTo: { page: 'credentials', id } } as const
      return state === 'drifted'
        ? told({ ...about, kind: 'credential-drifted', count: drifted })
        : told({ ...about, kind: 'credential-refused', since: lastProof?.at ?? changedAt })
    })
}

/** Of each service that is there, the newest update, where it neither switched nor came back. */
function updateItems({ services, updates }: Facts): AttentionItem[] {
  const there = new Set(services.map(({ id }) => id))
  const newest = new Map([...updates].reverse().map((update) => [update.serviceId, update]))
  return [...newest.values()]
    .filter(({ serviceId, state }) => state === 'failed' && there.has(serviceId))
    .map(({ serviceId, notBack, reason, finishedAt }) =>
      told({
        id: `update ${serviceId}`,
        kind: 'update-failed',
        subject: serviceId,
        reason: notBack ?? reason,
        since: finishedAt,
        urgent: true,
        leadsTo: { page: 'services', id: serviceId, tab: 'update' },
      }),
    )
}

/** A secret has grown old, and a person or a quiet moment is waited for. */
const dueItems = ({ schedules }: Facts): AttentionItem[] =>
  schedules
    .filter(({ state, wanted }) => state === 'due' || (state === 'postponed' && wanted === null))
    .map(({ credentialId: id, state, dueAt, reason }) =>
      told({
        id: `due ${id}`,
        kind: state === 'due' ? 'rotation-due' : 'rotation-postponed',
        subject: id,
        reason,
        since: dueAt,
        leadsTo: { page: 'credentials', id },
      }),
    )

/** The worse state of each card at a limit: one that is hot and full is one card. */
function statesOfCards({ cardWarnings }: Facts): ('hot' | 'slowed' | 'full')[] {
  return [...new Set(cardWarnings.map(({ uuid }) => uuid))].map((card) => {
    const kinds = cardWarnings.flatMap(({ uuid, kind }) => (uuid === card ? [kind] : []))
    if (kinds.includes('gpu-hot')) return 'hot'
    return kinds.includes('gpu-slowed') ? 'slowed' : 'full'
  })
}

/** How many are in any of these states, under the worst of them. */
function markOf<S extends string>(states: readonly string[], worstFirst: readonly S[]) {
  const worst = worstFirst.find((state) => states.includes(state))
  return worst === undefined
    ? null
    : { count: states.filter((state) => (worstFirst as readonly string[]).includes(state)).length, worst }
}

/** What hangs on the vault's secrets: nothing is known of it while it is closed. */
const ofSecrets = ['credential-drifted', 'credential-refused', 'rotation-due', 'rotation-postponed'] as const

/** On its way, or not seen: whether it works is not known. */
const isOnItsWay = (service: Service): boolean =>
  service.operation !== null || isUnseen(service) || ['starting', 'listening'].includes(service.health.state)

const unknownOf = ({ services, vault, unknown = [] }: Facts): Attention['unknown'] => ({
  kinds: [...(vault.state === 'open' ? [] : ofSecrets), ...unknown],
  services: services.filter(isOnItsWay).map(({ id }) => id),
})

/** What is found at one look: what needs a person, and how much is amiss. */
export type Findings = Pick<Attention, 'services' | 'credentials' | 'gpus' | 'unknown'> & { items: AttentionItem[] }

/** How many services, credentials and cards are amiss, without those whose items are put aside. */
export function marksOf(
  facts: Facts,
  aside: ReadonlySet<string> = new Set(),
): Pick<Attention, 'services' | 'credentials' | 'gpus'> {
  const services = facts.services.filter(({ id, muted }) => !muted && !aside.has(`service ${id}`))
  const credentials = facts.credentials.filter(({ id }) => !aside.has(`credential ${id}`))
  const cardWarnings = facts.cardWarnings.filter(({ uuid, kind }) => !aside.has(`${kind} ${uuid}`))
  const cardFaults = facts.cardFaults.filter(({ message }) => !aside.has(`gpu ${message}`))
  return {
    services: markOf(
      services.map(({ health }) => health.state),
      troubles,
    ),
    credentials: markOf(
      credentials.map(({ state }) => state),
      ['refused', 'drifted'],
    ),
    gpus: markOf(
      [...cardFaults.map(() => 'unhealthy'), ...statesOfCards({ ...facts, cardWarnings })],
      ['unhealthy', 'hot', 'slowed', 'full'],
    ),
  }
}

/**
 * What needs a person, worst first: what blocks work, then what differs, then what should be known. A muted service is
 * left out, its state stays.
 */
export function attentionOf(facts: Facts): Findings {
  const heard = { ...facts, services: facts.services.filter(({ muted }) => !muted) }
  const items = [
    ...[dockerItems, serviceItems].flatMap((itemsOf) => itemsOf(heard)),
    ...updateItems(facts),
    ...[gpuItems, cardItems, vaultItems, invalidItems, noticeItems].flatMap((itemsOf) => itemsOf(facts)),
    ...containerItems(heard),
    ...(facts.found ?? []),
    ...[credentialItems, dueItems].flatMap((itemsOf) => itemsOf(facts)),
  ]
  return {
    items: [...items.filter(({ urgent }) => urgent), ...items.filter(({ urgent }) => !urgent)],
    ...marksOf(facts),
    unknown: unknownOf(facts),
  }
}
