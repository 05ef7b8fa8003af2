import type {
  AuditEntry,
  Credential,
  CredentialChange,
  CredentialInput,
  Drift,
  Proof,
  VaultImport,
} from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type * as z from 'zod'
import type { LendSecret, Secret } from '../vault/secret'
import type { Vault } from '../vault/vault'
import { adoptFromSink } from './adopt'
import { createChanges } from './changes'
import { syncSinks, verifyCredential } from './checks'
import type { CredentialsContext } from './context'
import {
  createCredential,
  describeRecord,
  recordOf,
  removeCredential,
  revealSecret,
  updateCredential,
  type CreateOptions,
  type GivenSecret,
} from './credentials'
import { importVault } from './import-vault'
import { findDrift } from './places'
import type { CredentialRecord } from './record'
import { watchSinks } from './watch'

export interface CredentialsOptions
  extends
    Pick<CredentialsContext, 'dataRoot' | 'hasher' | 'audit' | 'redactor' | 'usersOf' | 'surfacesOf'>,
    Partial<Pick<CredentialsContext, 'sessionsOf' | 'throughGateway' | 'look' | 'writeMode' | 'publish' | 'now'>> {
  vault: Vault<CredentialRecord>
  /** Takes what goes wrong while sinks are watched. */
  reportError?: (error: unknown) => void
}

const never = () => new AbortController().signal

/** The credentials in the vault, and the files in which they stand as well. Calls throw `vault.locked` unless it is open. */
export interface Credentials {
  /** Whether the vault is open. */
  isOpen(): boolean
  /** Whether there is such a credential. */
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
  /** Adds the credentials of an exported vault; see `importVault`. */
  importFrom(file: { text: string; passphrase: string; who: string }): Promise<VaultImport>
  /** Stops watching the sinks. */
  close(): Promise<void>
}

const contexts = new WeakMap<Credentials, CredentialsContext>()

/** What the rooms that build on this one (rotations, discovery) need of it; nobody else gets at the records. */
export function contextOf(credentials: Credentials): CredentialsContext {
  const context = contexts.get(credentials)
  if (!context) throw new Error('not credentials that createCredentials made')
  return context
}

/** Builds on an opened vault, and watches the sinks as soon as that is open. */
export function createCredentials(options: CredentialsOptions): Credentials {
  const { vault, reportError = () => undefined } = options
  const context = createContext(options)
  const isOpen = () => vault.status().state === 'open'
  const watching = watchSinks({
    sinks: () => (isOpen() ? vault.book().all() : []),
    changed: (id) => {
      // A rotation writes the sinks itself, and tells how it goes.
      if (!context.rotating.has(id)) void context.announce(id).catch(reportError)
    },
    reportError,
  })
  watching.refresh()
  vault.onChange(() => {
    watching.refresh()
  })
  vault.beforeRestore(() => {
    const [id] = context.rotating.keys()
    if (id !== undefined) throw new Problem('rotation.running', { id })
  })
  const credentials: Credentials = {
    isOpen,
    ...operations(context),
    importFrom: (file) => context.exclusively(() => importVault(context, vault, file)),
    close: () => watching.close(),
  }
  contexts.set(credentials, context)
  return credentials
}

function createContext(options: CredentialsOptions): CredentialsContext {
  const { vault, dataRoot, hasher, audit, redactor, usersOf, surfacesOf } = options
  const context: CredentialsContext = {
    ...{ dataRoot, hasher, audit, redactor, usersOf, surfacesOf },
    book: () => vault.book(),
    exclusively: (work) => vault.exclusively(work),
    sessionsOf: options.sessionsOf ?? null,
    throughGateway: options.throughGateway ?? (() => null),
    look: options.look ?? (() => Promise.resolve([])),
    changes: createChanges(),
    writeMode: options.writeMode ?? (() => 'replace'),
    publish: options.publish ?? (() => undefined),
    now: options.now ?? Date.now,
    rotating: new Map(),
    refused: new Set(),
    describe: (record) => describeRecord(context, record),
    async announce(id) {
      const record = vault.book().find(id)
      if (record) context.publish({ type: 'credential', credential: await describeRecord(context, record) })
    },
  }
  return context
}

function operations(context: CredentialsContext): Omit<Credentials, 'isOpen' | 'importFrom' | 'close'> {
  const withSecret: Credentials['withSecret'] = async (id, use) => {
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
    list: async () => {
      const records = context.book().all()
      return Promise.all(records.map((record) => context.describe(record)))
    },
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
