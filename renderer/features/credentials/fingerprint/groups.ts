import type { Credential, Place, SecretField } from '../../../../shared/contract'

/** The places of one part of the secret, under the vault's own value of it. */
export interface PlaceGroup {
  field: SecretField
  /** The vault's; null for a user name, which is no secret and is shown as it is. */
  fingerprint: string | null
  places: Place[]
}

/** Groups the places by the part of the secret that they hold: what the vault compares first, then the others. */
export function groupPlaces(credential: Pick<Credential, 'fingerprints'>, places: readonly Place[]): PlaceGroup[] {
  const vault = places.find((place) => place.kind === 'vault')
  const others = places.filter((place) => place.kind !== 'vault')
  const fields = new Set<SecretField>([...(vault ? [vault.field] : []), ...others.map((place) => place.field)])
  return [...fields].map((field) => ({
    field,
    fingerprint: vault?.field === field ? vault.fingerprint : field === 'username' ? null : prints(credential)[field],
    places: inOrder(others.filter((place) => place.field === field)),
  }))
}

/** What a container has of a file stands below that file; what services answer stands last. */
function inOrder(places: readonly Place[]): Place[] {
  const sinks = places.filter(({ kind }) => kind === 'sink').map(({ id }) => id)
  const rank = ({ kind, id }: Place) => (kind === 'live' ? sinks.length : sinks.indexOf(id))
  return places.toSorted((a, b) => rank(a) - rank(b))
}

/** Names a row of the map. */
export const keyOf = ({ kind, id, serviceId, key }: Place): string => [kind, id, serviceId, key].join(' ')

const prints = ({ fingerprints }: Pick<Credential, 'fingerprints'>) => ({
  password: fingerprints.password ?? null,
  token: fingerprints.token ?? null,
  sessionKey: fingerprints.sessionKey ?? null,
})

const deviating = new Set<Place['state']>(['drifted', 'missing', 'unreadable'])

/** Whether the vault's value can be written there to put the place right. */
export const canBeWritten = (place: Place): boolean => place.kind === 'sink' && deviating.has(place.state)

/** Whether what stands there can become the vault's value. */
export const canBeAdopted = (place: Place): boolean =>
  place.kind === 'sink' && place.state === 'drifted' && place.fingerprint !== null

const calm = new Set<Place['state']>(['source', 'same', 'accepted', 'unknown'])

/** Whether something about the place has to be told. */
export const tells = (place: Place): boolean => !calm.has(place.state)

/**
 * A path in two parts that a narrow column can cut between: the folder, which may be cut, and the last two names,
 * which stay whole. Works for `/` and `\`.
 */
export function splitPath(path: string): { folder: string; name: string } {
  const cut = /[\\/][^\\/]+[\\/][^\\/]+$/.exec(path)
  return cut && cut.index > 0
    ? { folder: path.slice(0, cut.index + 1), name: path.slice(cut.index + 1) }
    : { folder: '', name: path }
}
