import type {
  AuditEntry,
  Credential,
  CredentialChange,
  CredentialInput,
  Drift,
  Proof,
  VaultStatus,
} from '../../shared/contract'
import { Problem, reason, type Reason } from '../../shared/problems'
import type * as z from 'zod'
import { createSerial } from '../async/serial'
import { removeLeftovers } from '../storage/files'
import type { DataPaths } from '../storage/paths'
import { adoptFromSink } from '../credentials/adopt'
import { createBackups } from './backups'
import { newestAside } from './aside'
import type { Book } from './book'
import { createChanges } from '../credentials/changes'
import { syncSinks, verifyCredential } from '../credentials/checks'
import type { VaultContext } from '../credentials/context'
import {
  createCredential,
  type CreateOptions,
  describeRecord,
  recordOf,
  removeCredential,
  revealSecret,
  updateCredential,
  type GivenSecret,
} from '../credentials/credentials'
import type { KeyKeeper } from './keepers'
import { createOpening, type State } from './opening'
import { findDrift } from '../credentials/places'
import { createSafety, type Safety } from './safety'
import { createRenewal } from './renewal'
import { createRollback } from './rollback'
import type { LendSecret, Secret } from './secret'
import type { BookState } from './vault-file'
import { watchSinks } from '../credentials/watch'

export interface VaultOptions
  extends
    Pick<VaultContext, 'hasher' | 'audit' | 'redactor' | 'usersOf' | 'surfacesOf'>,
    Partial<Pick<VaultContext, 'sessionsOf' | 'look' | 'writeMode' | 'publish' | 'now'>> {
  paths: Pick<DataPaths, 'root' | 'vault' | 'vaultKey' | 'backups' | 'audit'>
  /** Takes what goes wrong beside the vault, e.g. a backup that cannot be written. */
  reportError?: (error: unknown) => void
  /** Opens the vault without asking; left out, a person must give the passphrase to `unlock`. */
  keeper?: KeyKeeper | undefined
  /** The configuration file, where it links services with credentials: then there was a vault. */
  linkedIn?: () => string | null
  /** Makes the keeper of a passphrase that a person gave; tests make a cheaper one. */
  passphrase?: (passphrase: string) => KeyKeeper
}

const never = () => new AbortController().signal

/** The encrypted store of credentials. Calls throw `vault.locked` (or why it cannot be opened) unless it is open. */
export interface Vault extends Safety {
  status(): VaultStatus
  /** Opens the vault; the first passphrase creates it. Throws `vault.wrong-key` and changes nothing. */
  unlock(passphrase: string): Promise<VaultStatus>
  /** Whether the open vault holds the credential. */
  has(id: string): boolean
  list(): Promise<Credential[]>
  get(id: string): Promise<Credential>
  create(input: z.input<typeof CredentialInput>, who: string, options?: CreateOptions): Promise<Credential>
  update(change: z.infer<typeof CredentialChange>, who: string): Promise<Credential>
  remove(id: string, who: string): Promise<{ id: string }>
  reveal(id: string, who: string): Promise<GivenSecret>
  history(id: string, limit: number): Promise<AuditEntry[]>
  drift(id: string, signal?: AbortSignal): Promise<Drift>
  sync(id: string, options: { sinkId?: string | undefined; who: string; signal?: AbortSignal }): Promise<Drift>
  verify(id: string, options: { who: string; signal?: AbortSignal }): Promise<Proof>
  /**
   * Lends the secret that the credential's services accept for the duration of one call. The function must not keep,
   * log or return it. Throws `credential.not-found`.
   */
  withSecret<T>(id: string, use: (secret: Secret) => T | Promise<T>): Promise<T>
  /** The same as a value to hand on; lends null where there is no credential. */
  lendSecret(id: string | null): LendSecret
  /** Takes what stands in a sink into the vault; see `adoptFromSink`. */
  adopt(from: { id: string; sinkId: string; who: string }): Promise<Credential>
  /** Stops watching the sinks, and resolves when the last backup is on disk. */
  close(): Promise<void>
}

const contexts = new WeakMap<Vault, VaultContext>()

/** What the vault's own parts (the rotations) need of it; nobody else gets at the records. */
export function contextOf(vault: Vault): VaultContext {
  const context = contexts.get(vault)
  if (!context) throw new Error('not a vault that openVault made')
  return context
}

/**
 * Opens the vault of a data folder. Never throws for what the vault file holds: `status` tells. A damaged file is moved
 * aside; one of a newer format, or one that cannot be read, is left. Either way nothing is written in its place.
 */
export async function openVault(options: VaultOptions): Promise<Vault> {
  const { paths, reportError = () => undefined } = options
  let state: State = { name: 'locked', problem: new Problem('vault.locked') }
  const book = () => {
    if (state.name === 'open') return state.book
    throw state.problem
  }
  const context = createContext(options, book)
  const backups = createBackups({ folder: paths.backups, prove: (text) => book().prove(text), reportError })
  const watching = watchSinks({
    sinks: () => (state.name === 'open' ? state.book.all() : []),
    changed: (id) => {
      // A rotation writes the sinks itself, and tells how it goes.
      if (!context.rotating.has(id)) void context.announce(id).catch(reportError)
    },
    reportError,
  })
  const rollback = createRollback({ file: `${paths.vault}.newest`, backups, reportError })
  const saved = async (text: string, saved: BookState) => {
    backups.note(text)
    watching.refresh()
    await rollback.note(saved)
  }
  const { audit, now = Date.now } = options
  const renewal = createRenewal({ paths, backups, audit, reportError, now })
  const opening = createOpening({ ...options, saved, backups, rollback, renewal, reportError })
  await removeLeftovers(paths.vault)
  await renewal.recover().catch(reportError)
  const first = await opening.first()
  let { kind } = first
  let aside: Reason | null = null
  const enter = async (next: State) => {
    state = next
    if (next.name === 'open') kind = next.book.key().keeper
    // An earlier vault that was moved aside stays a standing notice as long as its file lies there.
    const kept = await newestAside(paths.vault)
    aside = kept === null ? null : reason('vault.kept-aside', { kept })
    watching.refresh()
  }
  await enter(first.state)

  const status = (): VaultStatus => {
    const closed = state.name === 'open' || state.problem.id === 'vault.locked' ? null : state.problem.reason
    const told = closed ?? backups.failure() ?? aside
    return { state: state.name, keeper: kind, ...(told ? { reason: told } : {}) }
  }
  const changed = () => {
    if (state.name === 'open') kind = state.book.key().keeper
    context.publish({ type: 'vault', vault: status() })
    return status()
  }
  const unlocking = createSerial()
  const unlock = async (passphrase: string) => {
    if (state.name === 'open') return status()
    if (state.name === 'unreadable' || kind !== 'passphrase') throw state.problem
    const next = await opening.withPassphrase(passphrase, state.name === 'empty')
    await enter(next)
    changed()
    if (next.name !== 'open') throw next.problem
    return status()
  }
  const safety = createSafety({
    context,
    backups,
    renewal,
    isOpen: () => state.name === 'open',
    reopen: async (text, passphrase) => enter(await opening.fromCopy(text, passphrase)),
    accept: async (who) => {
      if (state.name === 'open' || !state.accept) throw new Problem('vault.nothing-to-accept')
      await enter(await state.accept(who))
    },
    changed,
    own: options.keeper ?? null,
    keeperFor: options.passphrase,
  })
  const vault: Vault = {
    status,
    // One at a time: two passphrases at once must not make two vaults.
    unlock: (passphrase) => unlocking(() => unlock(passphrase)),
    ...operations(context),
    ...safety,
    async close() {
      await watching.close()
      await backups.flush()
    },
  }
  contexts.set(vault, context)
  return vault
}

function createContext(options: VaultOptions, book: () => Book): VaultContext {
  const { hasher, audit, redactor, usersOf, surfacesOf, paths } = options
  const context: VaultContext = {
    book,
    hasher,
    audit,
    redactor,
    usersOf,
    surfacesOf,
    sessionsOf: options.sessionsOf ?? null,
    look: options.look ?? (() => Promise.resolve([])),
    changes: createChanges(),
    writeMode: options.writeMode ?? (() => 'replace'),
    publish: options.publish ?? (() => undefined),
    now: options.now ?? Date.now,
    dataRoot: paths.root,
    rotating: new Map(),
    refused: new Set(),
    exclusively: createSerial(),
    describe: (record) => describeRecord(context, record),
    async announce(id) {
      const record = book().find(id)
      if (record) context.publish({ type: 'credential', credential: await describeRecord(context, record) })
    },
  }
  return context
}

function operations(context: VaultContext): Omit<Vault, 'status' | 'unlock' | 'close' | keyof Safety> {
  const withSecret: Vault['withSecret'] = async (id, use) => {
    const record = recordOf(context, id)
    const pending = context.rotating.get(id) === 'pending' ? record.pending : null
    const { username, password, token } = pending ?? record.secret
    return use({ username, password, token })
  }
  /** Nothing is done while what was done before could not be written down. */
  const exclusively = <T>(work: () => Promise<T>) =>
    context.exclusively(async () => {
      await context.audit.settle()
      return work()
    })
  return {
    has: (id) => context.book().find(id) !== null,
    list: async () =>
      Promise.all(
        context
          .book()
          .all()
          .map((record) => context.describe(record)),
      ),
    get: async (id) => context.describe(recordOf(context, id)),
    create: (input, who, options) => exclusively(() => createCredential(context, input, who, options)),
    update: (change, who) => exclusively(() => updateCredential(context, change, who)),
    remove: (id, who) => exclusively(() => removeCredential(context, id, who)),
    reveal: (id, who) => revealSecret(context, id, who),
    async history(id, limit) {
      recordOf(context, id)
      return context.audit.history(id, limit)
    },
    drift: (id, signal = never()) => findDrift(context, id, signal),
    sync: async (id, { sinkId, who, signal = never() }) => {
      await exclusively(() => syncSinks(context, id, { sinkId, who }))
      return findDrift(context, id, signal)
    },
    adopt: (from) => exclusively(() => adoptFromSink(context, from)),
    verify: (id, { signal = never(), who }) => verifyCredential(context, id, { who, signal }),
    withSecret,
    lendSecret: (id) => async (use) => (id === null ? use(null) : withSecret(id, use)),
  }
}
