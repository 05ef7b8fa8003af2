import type { Credential, Place, SecretField } from '../../../shared/contract'

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
    places: others.filter((place) => place.field === field),
  }))
}

const prints = ({ fingerprints }: Pick<Credential, 'fingerprints'>) => ({
  password: fingerprints.password ?? null,
  token: fingerprints.token ?? null,
})

const deviating = new Set<Place['state']>(['drifted', 'missing', 'unreadable'])

/** Whether the vault's value can be written there to put the place right. */
export const canBeWritten = (place: Place): boolean => place.kind === 'sink' && deviating.has(place.state)

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
