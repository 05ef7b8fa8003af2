import { createHash } from 'node:crypto'
import { Problem } from '../../../shared/problems'
import { isKey, sourceOf, type Attempts } from '../../people'
import type { Guest } from '../stages'

/** So many wrong keys are remembered: the same one again is a script with an old key, and no new guess. */
const rememberedKeys = 1000

export interface KeysOptions {
  findKey: (key: string) => (Guest & { keyId: string }) | null
  attempts: Pick<Attempts, 'begin'>
}

export interface KeyLook {
  /**
   * Whose a key is, at this service. A right one is looked at first, wherever it comes from and whatever was guessed
   * there. Throws `gateway.key-broken` for what is none, `gateway.key-refused`, `gateway.other-service`, and
   * `session.too-many` to a source of many wrong ones.
   */
  find: (key: string, from: string, serviceId: string) => Guest & { keyId: string }
}

/** Looks at keys, and makes those wait who guess at them. */
export function createKeyLook({ findKey, attempts }: KeysOptions): KeyLook {
  const wrongOnes = new Set<string>()

  return {
    find(key, from, serviceId) {
      const guest = findKey(key)
      if (guest) {
        if (guest.services === null || guest.services.includes(serviceId)) return guest
        throw new Problem('gateway.other-service', { id: serviceId })
      }
      if (!isKey(key)) throw new Problem('gateway.key-broken')
      const mark = createHash('sha256').update(key).digest('base64')
      if (!wrongOnes.has(mark)) {
        attempts.begin(`secrets ${sourceOf(from)}`)
        if (wrongOnes.size >= rememberedKeys) wrongOnes.clear()
        wrongOnes.add(mark)
      }
      throw new Problem('gateway.key-refused')
    },
  }
}
