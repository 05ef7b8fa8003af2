import { hostname } from 'node:os'
import { createAccess, createOwner, formerPasswords } from '../access'
import { openAudit, type Audit } from '../audit/audit'
import { createCredentials } from '../credentials'
import type { ThroughGateway } from '../credentials/proof'
import { createHasher, type Hasher } from '../credentials/hasher'
import { credentialRecords } from '../credentials/record'
import { sessionsOf, surfacesOf } from '../kinds'
import { createAttempts, openPeople, type PeopleOptions } from '../people'
import type { Services } from '../services'
import { linksCredentials } from '../services/registry'
import { openSessionStore, serviceEntries } from '../storage/config'
import { openAuthority } from '../tls'
import { openVault } from '../vault/vault'
import type { Base } from './base'

/** The ledger's last uses of keys, in which an unnamed program has no name; people say null for it. */
const keyUses = ({ keyUse }: Pick<Base['ledger'], 'keyUse'>): NonNullable<PeopleOptions['uses']> => ({
  note: (keyId, use) => keyUse.note(keyId, { ...use, client: use.client ?? '' }),
  lastOf(keyId) {
    const use = keyUse.of(keyId)
    return use && { ...use, client: use.client === '' ? null : use.client }
  },
  forget: (keyId) => keyUse.forget(keyId),
})

/** Who may enter. What the configuration kept of passwords before there were people becomes theirs. */
async function openAccess(
  { options, paths, publish, reportBug, closing, ledger }: Base,
  { audit, hasher }: { audit: Audit; hasher: Hasher },
) {
  const { config, dataFolder, desktop } = options
  const store = openSessionStore(dataFolder)
  const former = formerPasswords(config)
  const attempts = createAttempts({ store })
  const people = closing.keep(
    await openPeople({
      ...{ audit, hasher, attempts, publish },
      file: paths.people,
      former: former.read,
      uses: keyUses(ledger),
      reportError: reportBug,
    }),
  )
  if (people.isReadable()) former.forget()
  const access = closing.keep(createAccess({ config, people, attempts, audit, publish }))
  return { people, access, owner: createOwner({ access, store, confirm: desktop?.confirmOwner ?? null }) }
}

/** Who may enter, what they did, and the secrets: opened before anything that uses one. */
export async function openSecrets(base: Base, services: () => Services, throughGateway: ThroughGateway) {
  const { options, paths, redactor, publish, reportBug, closing } = base
  const { config, programs } = options
  const audit = await openAudit(paths.audit)
  const hasher = closing.keep(createHasher({ worker: programs.bcryptWorker }))
  const { people, access, owner } = await openAccess(base, { audit, hasher })
  const vault = closing.keep(
    await openVault({
      ...{ paths, audit, redactor, publish },
      records: credentialRecords,
      keeper: options.keeper ?? undefined,
      linkedIn: () => (linksCredentials(serviceEntries(config)) ? config.path : null),
      reportError: reportBug,
    }),
  )
  const credentials = closing.keep(
    createCredentials({
      ...{ vault, hasher, audit, redactor, publish, surfacesOf, sessionsOf, throughGateway },
      dataRoot: paths.root,
      reportError: reportBug,
      usersOf: (credentialId) => services().control().usersOf(credentialId),
      writeMode: (path) => services().control().writeMode(path),
      look: (...asked) => services().look(...asked),
    }),
  )
  const authority = await openAuthority({
    ...{ folder: paths.tls, machine: hostname().toLowerCase() },
    auditFirst: (entry) => audit.appendFirst(entry),
  })
  return { audit, people, access, owner, vault, credentials, authority }
}

export type Secrets = Awaited<ReturnType<typeof openSecrets>>
