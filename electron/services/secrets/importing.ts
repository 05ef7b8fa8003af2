import type { PlainSecretPlace, Service, ServiceChange, ServiceConfig } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type * as z from 'zod'
import { contextOf, type Credentials } from '../../credentials'
import type { CredentialRecord } from '../../credentials/record'
import { checkInUse, sameSecret } from '../../credentials/secrets'
import { plainSecretsIn, withReferences, type PlainSecret } from './plain'

interface Parts {
  services: {
    config(id: string): ServiceConfig
    update(change: z.infer<typeof ServiceChange>): Service
  }
  credentials: Credentials
}

/** A secret in clear text, with the credential that takes its place. */
interface Planned {
  secret: PlainSecret
  credentialId: string
  /** Whether the vault holds it already. */
  isKnown: boolean
}

const slugOf = (text: string) =>
  text
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-+|-+$/g, '')

/** Whether a record holds exactly this secret. */
const holds = ({ scheme, secret }: CredentialRecord, { username, value }: PlainSecret): boolean =>
  username === null
    ? scheme === 'token' && sameSecret(secret.token, value)
    : scheme !== 'token' && secret.username === username && sameSecret(secret.password, value)

const isSame = (one: PlainSecret, other: PlainSecret) =>
  one.username === other.username && sameSecret(one.value, other.value)

/** Whether the vault would take it as it is. */
function isTaken({ username, value }: PlainSecret): boolean {
  try {
    checkInUse(username === null ? 'token' : 'basic', username === null ? 'token' : 'password', value)
    if (username !== null) checkInUse('basic', 'username', username)
    return true
  } catch (error) {
    if (error instanceof Problem) return false
    throw error
  }
}

/** Which credential stands for each secret of a service: one that the vault has, or one that is to be made. */
function plan({ services, credentials }: Parts, serviceId: string): Planned[] {
  const { process } = services.config(serviceId)
  if (!process) return []
  const records = contextOf(credentials).book().all()
  const ids = new Set(records.map(({ id }) => id))
  const planned: Planned[] = []
  for (const secret of plainSecretsIn(process).filter(isTaken)) {
    const known = records.find((record) => holds(record, secret))
    const before = planned.find((one) => isSame(one.secret, secret))
    if (known) planned.push({ secret, credentialId: known.id, isKnown: true })
    else if (before) planned.push({ ...before, secret })
    else {
      const credentialId = freeId(`${serviceId}-${slugOf(secret.name)}`, ids)
      ids.add(credentialId)
      planned.push({ secret, credentialId, isKnown: false })
    }
  }
  return planned
}

/** The name, cut to what an id may be, with a number where it is taken. */
function freeId(wanted: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number++) {
    const end = number === 1 ? '' : `-${number}`
    const id = `${wanted.slice(0, 63 - end.length)}${end}`
    if (!taken.has(id)) return id
  }
}

/** Secrets that stand in clear text in a service's configuration: found, and taken into the vault. */
export function createPlainSecrets(parts: Parts) {
  const { services, credentials } = parts
  return {
    /** Where they stand and what would take their place; no value. Throws `service.not-found` and what closes the vault. */
    list: (serviceId: string): PlainSecretPlace[] =>
      plan(parts, serviceId).map(({ secret: { where, name, username }, credentialId, isKnown }) => ({
        ...{ where, name, username, credentialId, isKnown },
      })),

    /**
     * Takes them into the vault, and writes references in their place. In the vault first: a crash between leaves a
     * credential that nobody uses, and loses nothing. Throws `service.changed-meanwhile` and what credentials throw.
     */
    async take({ id, revision }: { id: string; revision?: string | undefined }, who: string): Promise<Service> {
      const planned = plan(parts, id)
      const { process } = services.config(id)
      // Refused before anything is made.
      const unchanged = services.update({ id, ...(revision !== undefined && { revision }) })
      if (!process || planned.length === 0) return unchanged
      const made: string[] = []
      try {
        for (const { secret, credentialId, isKnown } of planned) {
          if (isKnown || made.includes(credentialId)) continue
          const { username, value } = secret
          const given =
            username === null
              ? ({ scheme: 'token', token: value } as const)
              : ({ scheme: 'basic', username, password: value } as const)
          await credentials.create({ id: credentialId, ...given, inUse: true }, who)
          made.push(credentialId)
        }
        const credentialOf = (secret: PlainSecret) =>
          planned.find((one) => one.secret.name === secret.name && isSame(one.secret, secret)) ?? null
        const change = { id, process: { ...process, ...withReferences(process, credentialOf) } }
        return services.update({ ...change, revision: unchanged.revision })
      } catch (error) {
        for (const credentialId of made) await credentials.remove(credentialId, who)
        throw error
      }
    },
  }
}

export type PlainSecrets = ReturnType<typeof createPlainSecrets>
