import type { ProcessSpec, VaultReference } from '../../../shared/contract'
import { filledIn, referencesIn, referencesOf } from '../../../shared/given-text'
import { Problem } from '../../../shared/problems'
import type { Audit } from '../../audit/audit'
import type { Credentials } from '../../credentials'
import { fingerprint } from '../../vault/fingerprint'
import type { Secret } from '../../vault/secret'

/** Arguments and environment of a program, with everything filled in. */
export interface FilledProcess {
  args: string[]
  env: Record<string, string>
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
}): GiveSecrets {
  return async (serviceId, spec, use) => {
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
      const filled = fill(spec, valueOf)
      for (const target of ids) {
        const given = references.find(({ credentialId, field }) => credentialId === target && field !== 'username')
        const details = {
          service: serviceId,
          where: inArguments.has(target) ? 'arguments' : 'environment',
          fingerprint: given ? fingerprint(valueOf(given)) : '',
        }
        await audit.appendFirst({ who: 'regie', action: 'credential.given', target, details })
      }
      return use(filled)
    }
    return lend(ids).finally(() => lent.clear())
  }
}
