import { hostname } from 'node:os'
import { createAccess, createOwner } from '../access'
import { openAudit } from '../audit/audit'
import { createCredentials } from '../credentials'
import { createHasher } from '../credentials/hasher'
import { credentialRecords } from '../credentials/record'
import { sessionsOf, surfacesOf } from '../kinds'
import type { Services } from '../services'
import { linksCredentials } from '../services/registry'
import { openSessionStore, serviceEntries } from '../storage/config'
import { openAuthority } from '../tls'
import { openVault } from '../vault/vault'
import type { Base } from './base'

/** Who may enter, what they did, and the secrets: opened before anything that uses one. */
export async function openSecrets(
  { options, paths, redactor, publish, reportBug, closing }: Base,
  services: () => Services,
) {
  const { config, dataFolder, desktop, programs } = options
  const audit = await openAudit(paths.audit)
  const hasher = closing.keep(createHasher({ worker: programs.bcryptWorker }))
  const store = openSessionStore(dataFolder)
  const access = closing.keep(createAccess({ config, store, hasher, audit, publish }))
  const owner = createOwner({ access, store, confirm: desktop?.confirmOwner ?? null })
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
      ...{ vault, hasher, audit, redactor, publish, surfacesOf, sessionsOf },
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
  return { audit, access, owner, vault, credentials, authority }
}

export type Secrets = Awaited<ReturnType<typeof openSecrets>>
