import type {
  Credential,
  DiscoveredCredential,
  DiscoveredPlace,
  DiscoveryImport,
  DiscoveryProposal,
  ImportedService,
} from '../../../../shared/contract'
import { Slug } from '../../../../shared/contract'

/** What becomes of one service: `''` nothing, `compose` and `external` a new one, else the id of one that is there. */
export interface ServiceChoice {
  /** The discovered service; null where none was found and one may be named. */
  key: string | null
  value: string
}

/** What a person decided about one credential. */
export interface Choice {
  isChosen: boolean
  id: string
  source: string | null
  places: ReadonlySet<string>
  services: ServiceChoice[]
}

export type Choices = Readonly<Record<string, Choice>>

/** The proposal as it stands before anybody decides. */
export function firstChoices(proposal: DiscoveryProposal, isDockerThere: boolean): Choices {
  return Object.fromEntries(
    proposal.credentials.map((one): [string, Choice] => [
      one.key,
      {
        isChosen: one.suggested,
        id: one.existing ?? one.suggestedId,
        source: one.source,
        places: new Set(one.places.filter(({ suggested }) => suggested).map(({ id }) => id)),
        services: one.services.length > 0 ? one.services.map((key) => firstService(proposal, key, isDockerThere)) : [],
      },
    ]),
  )
}

function firstService({ services }: DiscoveryProposal, key: string, isDockerThere: boolean): ServiceChoice {
  const found = services.find((one) => one.key === key)
  if (!found) return { key, value: '' }
  if (found.existing !== null) return { key, value: found.existing }
  return { key, value: isDockerThere || found.live === 'silent' || found.live === 'not-asked' ? 'compose' : 'external' }
}

export type Issue = 'missing' | 'invalid' | 'taken' | 'twice' | 'noSource'

/** What is wrong with a decision; null when it can be sent. */
export function issueOf(one: DiscoveredCredential, choices: Choices, taken: ReadonlySet<string>): Issue | null {
  const choice = choices[one.key]
  if (!choice?.isChosen) return null
  if (one.existing !== null) return null
  if (choice.id === '') return 'missing'
  if (!Slug.safeParse(choice.id).success) return 'invalid'
  if (taken.has(choice.id)) return 'taken'
  const isTwice = Object.entries(choices).some(
    ([key, other]) => key !== one.key && other.isChosen && other.id === choice.id,
  )
  if (isTwice) return 'twice'
  return choice.source === null ? 'noSource' : null
}

/** The order that the core gets. */
export function toOrder(proposal: DiscoveryProposal, choices: Choices): DiscoveryImport {
  return {
    id: proposal.id,
    credentials: proposal.credentials.flatMap((one) => {
      const choice = choices[one.key]
      if (!choice?.isChosen) return []
      return [
        {
          key: one.key,
          id: choice.id,
          existing: one.existing !== null,
          ...(choice.source === null || one.existing !== null ? {} : { source: choice.source }),
          places: [...choice.places],
          services: choice.services.flatMap((service) => serviceOrder(proposal, service)),
        },
      ]
    }),
  }
}

function serviceOrder({ services }: DiscoveryProposal, { key, value }: ServiceChoice): ImportedService[] {
  if (value === '') return []
  if (value !== 'compose' && value !== 'external') return [{ do: 'link', id: value }]
  const found = services.find((one) => one.key === key)
  return found ? [{ do: 'add', key: found.key, id: found.suggestedId, runtime: value }] : []
}

/** How a place compares with what the vault would hold. */
export type Relation = 'source' | 'same' | 'differs' | 'missing' | 'unreadable' | 'unknown'

/** Compared by fingerprint with the chosen source, or with the credential that the vault holds already. */
export function relationOf(
  place: DiscoveredPlace,
  one: DiscoveredCredential,
  choice: Choice,
  held: Credential | undefined,
): Relation {
  if (place.id === choice.source && one.existing === null) return 'source'
  if (place.holds === 'nothing') return 'unreadable'
  if (place.holds === 'empty' || place.holds === 'placeholder') return 'missing'
  const { field } = place
  const source = one.sources.find(({ placeId }) => placeId === choice.source)
  const expected =
    one.existing === null
      ? field === 'sessionKey'
        ? null
        : source?.fingerprints[field]
      : field === 'username'
        ? null
        : held?.fingerprints[field]
  if (expected === undefined || expected === null) return 'unknown'
  return expected === place.fingerprint ? 'same' : 'differs'
}

/** How much a decision takes in, for the button and the sentence beside it. */
export function countChosen(choices: Choices) {
  const chosen = Object.values(choices).filter(({ isChosen }) => isChosen)
  return {
    credentials: chosen.length,
    places: chosen.reduce((sum, { places }) => sum + places.size, 0),
    services: chosen.reduce((sum, { services }) => sum + services.filter(({ value }) => value !== '').length, 0),
  }
}
