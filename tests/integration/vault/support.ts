import { compare, hash } from 'bcryptjs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { sessionsOf, surfacesOf } from '../../../electron/kinds'
import type { ServiceControl } from '../../../electron/credentials/control'
import { dataPaths } from '../../../electron/storage/paths'
import { createRedactor } from '../../../electron/vault/redactor'
import { createRotations } from '../../../electron/rotation/rotation'
import { keyFileKeeper, passphraseKeeper, type KeyKeeper } from '../../../electron/vault/keepers'
import { openAudit } from '../../../electron/audit/audit'
import { createCredentials } from '../../../electron/credentials'
import { credentialRecords } from '../../../electron/credentials/record'
import { openVault } from '../../../electron/vault/vault'
import type { Hasher } from '../../../electron/credentials/hasher'
import type { PanelEvent } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'

/** bcrypt at its lowest cost, on this thread: the real thread has its own test. */
const quickHasher: Hasher = {
  cost: 4,
  hash: (password) => hash(password, 4),
  compare,
  close: () => Promise.resolve(),
}

export type User = ReturnType<ServiceControl['usersOf']>[number]

/** scrypt at a low cost. */
export const quickPassphrase = (passphrase: string) => passphraseKeeper(passphrase, 2 ** 14)

/** A vault on real files in `<folder>/data`, with the real surfaces, and sinks expected in `<folder>/stack`. */
export async function openTestVault(
  folder: string,
  {
    keeper,
    users = [],
    withoutKeeper = false,
    linkedIn = () => null,
  }: { keeper?: KeyKeeper; users?: readonly User[]; withoutKeeper?: boolean; linkedIn?: () => string | null } = {},
) {
  const paths = dataPaths(path.join(folder, 'data'))
  const stack = path.join(folder, 'stack')
  await mkdir(paths.root, { recursive: true })
  await mkdir(stack, { recursive: true })
  const redactor = createRedactor()
  const audit = await openAudit(paths.audit)
  const events: PanelEvent[] = []
  const store = await openVault({
    paths,
    records: credentialRecords,
    keeper: withoutKeeper ? undefined : (keeper ?? keyFileKeeper(paths.vaultKey)),
    audit,
    redactor,
    publish: (event) => events.push(event),
    passphrase: quickPassphrase,
    linkedIn,
  })
  const credentials = createCredentials({
    vault: store,
    dataRoot: paths.root,
    hasher: quickHasher,
    audit,
    redactor,
    usersOf: () => [...users],
    surfacesOf,
    sessionsOf,
    publish: (event) => events.push(event),
  })
  const vault = {
    ...store,
    /** Ends both. */
    async close() {
      await credentials.close()
      await store.close()
    },
  }
  const rotationsWith = (
    control: Partial<ServiceControl> = {},
    patienceMs = 500,
    reportError = (error: unknown): void => {
      throw error
    },
  ) =>
    createRotations({
      credentials,
      journalFile: paths.rotations,
      patienceMs,
      control: {
        usersOf: () => [...users],
        prepare: () => Promise.resolve(),
        effectOf: () => Promise.resolve({ action: 'restart', why: 'start' }),
        writeMode: () => Promise.resolve('replace'),
        standing: (id) => standingOf(users.find((user) => user.id === id)),
        restart: () => Promise.resolve(),
        recreate: () => Promise.resolve(),
        refresh: () => Promise.resolve(),
        ...control,
      },
      reportError,
    })
  return { vault, credentials, paths, stack, redactor, audit, events, rotationsWith }
}

/** A service runs when something answers at its address. */
async function standingOf(user: User | undefined): Promise<'running' | 'stopped'> {
  const answer = user && (await fetch(user.url).catch(() => null))
  return answer ? 'running' : 'stopped'
}

/** The Problem that a promise is rejected with; anything else fails the test. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  try {
    await work
  } catch (error) {
    if (error instanceof Problem) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** Every byte that lies in a folder, but for the named files. */
export async function everythingIn(folder: string, except: readonly string[] = []): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const files = entries.filter((entry) => entry.isFile() && !except.includes(entry.name))
  const texts = await Promise.all(files.map((entry) => readFile(path.join(entry.parentPath, entry.name), 'latin1')))
  return texts.join('\n')
}
