import { readdir } from 'node:fs/promises'
import path from 'node:path'
import { version } from '../../package.json'
import { openBackups, restoredEntries, type BackupPart } from '../backup'
import { envFileOf } from '../compose/program/sources'
import { filesOf } from '../compose/program/files'
import { contextOf } from '../credentials'
import type { Services } from '../services'
import { createDatabaseWork } from '../storage/database-work'
import { readManifest, manifestName } from '../stacks/manifest'
import type { Base } from './base'
import type { Secrets } from './secrets'

interface Kept {
  services: Services
}

type Spec = Parameters<typeof filesOf>[0]

/** Files of a Compose service: what Compose reads, and what a deployment has put beside it. */
async function filesOfService(spec: Spec) {
  const folder = path.dirname(spec.file)
  const manifest = await readManifest(folder)
  const deployed = manifest ? [manifestName, ...Object.keys(manifest.files)].map((name) => path.join(folder, name)) : []
  return [...(await filesOf(spec)), envFileOf(spec), ...deployed]
}

/** Those that are named, where what they lead to cannot be told: that they cannot be read is for the backup to tell. */
const namedBy = (spec: Spec) => [spec.file, ...(spec.overrides ?? []), envFileOf(spec)]

const countFiles = async (folder: string): Promise<number> => {
  const found = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => [])
  return found.filter((entry) => entry.isFile()).length
}

/** Backups of this panel's data folder, and of the files outside that its services and credentials name. */
export async function buildBackups(
  { options, paths, publish, reportBug, closing, restored }: Base,
  { audit, vault, credentials, people }: Secrets,
  { services }: Kept,
): Promise<BackupPart> {
  if (restored !== null) for (const entry of restoredEntries(restored)) await audit.append(entry)
  const records = () => (credentials.isOpen() ? contextOf(credentials).book().all() : [])
  const counts = async () => ({
    services: services.list().length,
    credentials: records().length,
    people: people.isReadable() ? people.list().length : 0,
    pictures: await countFiles(paths.images),
  })
  return closing.keep(
    await openBackups({
      ...{ paths, version, audit, publish, reportBug, counts },
      keeper: options.keeper,
      databases: createDatabaseWork(options.programs.databaseWorker),
      restartCommand: options.restartCommand ?? null,
      isVaultClosed: () => !['open', 'empty'].includes(vault.status().state),
      vault: async (who, beside) =>
        vault.status().state === 'empty'
          ? { beside: await vault.exclusively(beside) }
          : vault.sealedForBackup(who, beside),
      outside: async () => {
        const specs = services.list().flatMap(({ compose }) => compose ?? [])
        const files = await Promise.all(specs.map((spec) => filesOfService(spec).catch(() => namedBy(spec))))
        return [...files.flat(), ...records().flatMap(({ sinks }) => sinks.map((sink) => sink.path))]
      },
      sinks: async () => {
        const list = credentials.isOpen() ? await credentials.list() : []
        return list.flatMap(({ id, sinks, fingerprints }) =>
          sinks.map(({ path: at, field }) => ({
            ...{ credentialId: id, path: at },
            fingerprint: field === 'username' ? null : (fingerprints[field] ?? null),
          })),
        )
      },
      countsNow: async () => ({
        ...(await counts()),
        credentials: credentials.isOpen() ? records().length : null,
      }),
    }),
  )
}
