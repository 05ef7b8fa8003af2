import type { ProcessSpec, VaultReference } from '../../../shared/contract'
import { filledIn, referencesIn, referencesOf } from '../../../shared/given-text'
import { Problem } from '../../../shared/problems'
import type { Audit } from '../../audit/audit'
import type { Credentials } from '../../credentials'
import { fingerprint } from '../../vault/fingerprint'
import type { Secret } from '../../vault/secret'

/** What a program was given in the place of one reference. */
export interface GivenMark extends VaultReference {
  fingerprint: string
}

/** Arguments and environment of a program, with everything filled in, and what tells later whether that has changed. */
export interface FilledProcess {
  args: string[]
  env: Record<string, string>
  given: readonly GivenMark[]
}

/**
 * Lends a program what its configuration refers to, for the length of one start. Throws `credential.not-found`,
 * `credential.no-value`, what keeps the vault closed, and `audit.write-failed`: then nothing is given.
 */
export type GiveSecrets = <T>(
  serviceId: string,
  spec: Pick<ProcessSpec, 'args' | 'env'>,
  use: (filled: FilledProcess) => Promise<T>,
) => Promise<T>

export interface Giving {
  give: GiveSecrets
  /**
   * The credentials that hold something else by now than what was given, by id. Throws `credential.not-found` and what
   * keeps the vault closed.
   */
  changedSince(given: readonly GivenMark[]): Promise<string[]>
}

/** What a reference stands for. No system call takes a zero byte, and its refusal would quote what it was given. */
function valueIn({ credentialId: id, field }: VaultReference, secret: Secret | undefined): string {
  const value = secret?.[field] ?? null
  if (value === null) throw new Problem('credential.no-value', { id, field })
  if (value.includes('\0')) throw new Problem('credential.control-characters', { field })
  return value
}

const fill = ({ args, env }: Pick<ProcessSpec, 'args' | 'env'>, valueOf: (reference: VaultReference) => string) => ({
  args: args.map((given) => filledIn(given, valueOf)),
  env: Object.fromEntries(Object.entries(env).map(([name, given]) => [name, filledIn(given, valueOf)])),
})

/** Gives programs their secrets out of the vault. Each is in the audit log before the program has it. */
export function createGiving({
  credentials,
  audit,
}: {
  credentials: Pick<Credentials, 'withSecret'>
  audit: Pick<Audit, 'appendFirst'>
}): Giving {
  const give: GiveSecrets = async (serviceId, spec, use) => {
    const inArguments = new Set(spec.args.flatMap(referencesIn).map(({ credentialId }) => credentialId))
    const references = referencesOf(spec)
    const ids = [...new Set(references.map(({ credentialId }) => credentialId))]
    const lent = new Map<string, Secret>()
    const valueOf = (reference: VaultReference) => valueIn(reference, lent.get(reference.credentialId))

    /** Lends one after the other, all of them until the program runs. */
    const lend = async ([id, ...others]: readonly string[]): ReturnType<typeof use> => {
      if (id !== undefined)
        return credentials.withSecret(id, (secret) => {
          lent.set(id, secret)
          return lend(others)
        })
      const given = references.map((one) => ({ ...one, fingerprint: fingerprint(valueOf(one)) }))
      const filled = { ...fill(spec, valueOf), given }
      for (const target of ids) {
        const shown = given.find(({ credentialId, field }) => credentialId === target && field !== 'username')
        const details = {
          service: serviceId,
          where: inArguments.has(target) ? 'arguments' : 'environment',
          fingerprint: shown?.fingerprint ?? '',
        }
        await audit.appendFirst({ who: 'regie', action: 'credential.given', target, details })
      }
      return use(filled)
    }
    return lend(ids).finally(() => lent.clear())
  }
  return {
    give,
    async changedSince(given) {
      const changed = new Set<string>()
      for (const { credentialId, field, fingerprint: before } of given)
        await credentials.withSecret(credentialId, (secret) => {
          const now = secret[field]
          if (now === null || fingerprint(now) !== before) changed.add(credentialId)
        })
      return [...changed]
    },
  }
}
