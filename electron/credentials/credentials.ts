import type { Credential, CredentialChange, CredentialInput, Scheme } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import { isAcceptedByServices } from '../../shared/proof'
import type * as z from 'zod'
import type { CredentialsContext } from './context'
import { fingerprint } from '../vault/fingerprint'
import { newCare } from './care'
import { previousUntil } from './grace'
import { secretsOf, type CredentialRecord, type StoredSink } from './record'
import type { Secret } from '../vault/secret'
import { keepSessionKey } from './session-key'
import { checkField, checkInUse, fieldsOf, generatePassword, generateToken, mainField, unusablePart } from './secrets'
import { planSinks, withRequirement } from './sinks/plan'
import { checkSinks, compareSink, currentBytes, restoreSink, writeSink, type SinkWrite } from './sinks/sinks'

/** The user name where a person gives none. */
const defaultUsername = 'regie'

/** The parts of a secret as a person may give them. */
export interface GivenSecret {
  username?: string | undefined
  password?: string | undefined
  token?: string | undefined
}

/** The record, or `credential.not-found`. */
export function recordOf(context: CredentialsContext, id: string): CredentialRecord {
  const record = context.book().find(id)
  if (!record) throw new Problem('credential.not-found', { id })
  return record
}

/** Refuses what would meet a running rotation, by its name. */
export function refuseWhileRotating(context: CredentialsContext, id: string): void {
  if (context.rotating.has(id)) throw new Problem('rotation.running', { id })
}

/**
 * Checks what was given and generates the rest. Throws a Problem with a hint for what a reader would break on, unless
 * that is `inUse`.
 */
export async function completeSecret(
  { hasher }: Pick<CredentialsContext, 'hasher'>,
  scheme: Scheme,
  given: GivenSecret,
  inUse = false,
): Promise<Secret> {
  // Of a password alone a new hash is made: what bcrypt cuts would be somebody's loss.
  const isHashed = scheme === 'comfyui-login' && given.token === undefined
  const check = inUse && !isHashed ? checkInUse : checkField
  for (const field of ['username', 'password', 'token'] as const) {
    const value = given[field]
    if (value !== undefined) check(scheme, field, value)
  }
  const username = given.username ?? defaultUsername
  switch (scheme) {
    case 'token':
      return { username: null, password: null, token: given.token ?? generateToken() }
    case 'basic':
      return { username, password: given.password ?? generatePassword(), token: null }
    case 'comfyui-login': {
      const { token } = given
      if (token === undefined) {
        const password = given.password ?? generatePassword()
        return { username, password, token: await hasher.hash(password) }
      }
      if (given.password !== undefined && !(await hasher.compare(given.password, token))) {
        throw new Problem('credential.mismatch')
      }
      return { username, password: given.password ?? null, token }
    }
  }
}

/** A credential as the pages see it: no secret, and its sinks read now. */
export async function describeRecord(context: CredentialsContext, record: CredentialRecord): Promise<Credential> {
  const users = context.usersOf(record.id)
  const { secret } = record
  const readings = await Promise.all(record.sinks.map((sink) => compareSink({ credentialId: record.id, sink, secret })))
  const drifted = readings.filter(({ state }) => state !== 'same').length
  const { lastProof } = record
  const isDenied = lastProof?.outcome === 'failed' && !isAcceptedByServices(lastProof)
  const refused = context.refused.has(record.id) || isDenied
  return {
    id: record.id,
    scheme: record.scheme,
    username: secret.username,
    version: record.version,
    createdAt: record.createdAt,
    changedAt: record.changedAt,
    fingerprints: {
      ...(secret.password === null ? {} : { password: fingerprint(secret.password) }),
      ...(secret.token === null ? {} : { token: fingerprint(secret.token) }),
      ...(secret.sessionKey === null ? {} : { sessionKey: fingerprint(secret.sessionKey) }),
    },
    sinks: record.sinks.map((sink) => withRequirement(sink, users.length > 0)),
    serviceIds: users.map(({ id }) => id),
    state: context.rotating.has(record.id) ? 'rotating' : refused ? 'refused' : drifted > 0 ? 'drifted' : 'in-sync',
    drifted,
    ...unusableOf(record),
    lastProof,
    previousUntil: previousUntil(record),
  }
}

const unusableOf = ({ scheme, secret }: CredentialRecord): Pick<Credential, 'unusable'> => {
  const unusable = unusablePart(scheme, secret)
  return unusable === null ? {} : { unusable }
}

/** What one fingerprint stands for the whole secret in logs. */
export const mainFingerprint = (scheme: Scheme, secret: Secret): string | null => {
  const value = secret[mainField[scheme]] ?? null
  return value === null ? null : fingerprint(value)
}

export interface CreateOptions {
  writesSinks?: boolean
}

/** Writes several sinks, or leaves all of them as they were: pre-flight first, and undone when a later one fails. */
export async function writeAllOrNone(
  context: Pick<CredentialsContext, 'writeMode'>,
  writes: readonly SinkWrite[],
): Promise<void> {
  await checkSinks(writes)
  const done: { sink: StoredSink; before: Buffer | null }[] = []
  try {
    for (const write of writes) {
      done.push({ sink: write.sink, before: await currentBytes(write.sink) })
      await writeSink(write, await context.writeMode(write.sink.path))
    }
  } catch (error) {
    for (const { sink, before } of done.reverse()) {
      const putBack = async () => restoreSink(sink, before, await context.writeMode(sink.path))
      // The first failure is the one to tell; a sink that cannot be put back shows as drifted, and holds up no other.
      await putBack().catch(() => undefined)
    }
    throw error
  }
}

/**
 * Adds a credential and writes its sinks at once, unless `writesSinks` is false: then they are known, and show as
 * drifted where they hold another value. If one cannot be written, nothing is kept.
 */
export async function createCredential(
  context: CredentialsContext,
  input: z.input<typeof CredentialInput>,
  who: string,
  { writesSinks = true }: CreateOptions = {},
): Promise<Credential> {
  const { book, audit, redactor, now } = context
  const { id, scheme, sinks: wanted = [], inUse = false, ...given } = input
  if (book().find(id)) throw new Problem('credential.exists', { id })
  const sinks = await planSinks(wanted, { id, scheme }, { dataRoot: context.dataRoot, records: book().all() })
  const made = await completeSecret(context, scheme, given, inUse)
  const secret = { ...made, sessionKey: await keepSessionKey(made, sinks) }
  const at = now()
  const record: CredentialRecord = {
    id,
    scheme,
    version: 1,
    createdAt: at,
    changedAt: at,
    secret,
    pending: null,
    previous: null,
    previousUntil: null,
    care: newCare(),
    sinks,
    lastProof: null,
  }
  const writes = writesSinks ? sinks.map((sink) => ({ credentialId: id, sink, secret })) : []
  await checkSinks(writes)
  for (const text of secretsOf(record)) redactor.learn(text)
  try {
    // In the vault first: a secret must not stand in a file only.
    await book().add(record)
    try {
      await writeAllOrNone(context, writes)
    } catch (error) {
      await book().remove(id)
      throw error
    }
  } catch (error) {
    for (const text of secretsOf(record)) redactor.forget(text)
    throw error
  }
  const details = { scheme, sinks: sinks.length, fingerprint: mainFingerprint(scheme, secret) ?? '' }
  await audit.append({ who, action: 'credential.created', target: id, details })
  await auditWrites(context, writes, who)
  await context.announce(id)
  return context.describe(recordOf(context, id))
}

/** Changes the user name or the sinks. New sinks, and those that hold a changed user name, are written at once. */
export async function updateCredential(
  context: CredentialsContext,
  change: z.infer<typeof CredentialChange>,
  who: string,
): Promise<Credential> {
  const { id, username } = change
  const record = recordOf(context, id)
  refuseWhileRotating(context, id)
  if (username !== undefined) checkField(record.scheme, 'username', username)
  const around = { dataRoot: context.dataRoot, records: context.book().all() }
  const sinks = change.sinks ? await planSinks(change.sinks, record, around) : record.sinks
  const renamed = username !== undefined && username !== record.secret.username
  const sessionKey = await keepSessionKey(record.secret, sinks)
  const secret = { ...record.secret, sessionKey, ...(renamed ? { username } : {}) }
  const known = new Set(record.sinks.map((sink) => sink.id))
  const stale = (sink: StoredSink) => renamed && (sink.field === 'username' || sink.type === 'comfyui-login')
  const writes = sinks
    .filter((sink) => !known.has(sink.id) || stale(sink))
    .map((sink) => ({ credentialId: id, sink, secret }))
  await checkSinks(writes)
  if (sessionKey !== null) context.redactor.learn(sessionKey)
  await context.book().edit(id, (now) => ({ ...now, sinks, secret, changedAt: context.now() }))
  try {
    await writeAllOrNone(context, writes)
  } catch (error) {
    const { changedAt } = record
    await context.book().edit(id, (now) => ({ ...now, sinks: record.sinks, secret: record.secret, changedAt }))
    throw error
  }
  const details = { sinks: sinks.length, ...(renamed ? { username } : {}) }
  await context.audit.append({ who, action: 'credential.changed', target: id, details })
  await auditWrites(context, writes, who)
  await context.announce(id)
  return context.describe(recordOf(context, id))
}

/** Deletes a credential from the vault. Its sinks stay as they are. Throws `credential.in-use`. */
export async function removeCredential(context: CredentialsContext, id: string, who: string): Promise<{ id: string }> {
  const record = recordOf(context, id)
  refuseWhileRotating(context, id)
  const users = context.usersOf(id)
  if (users.length > 0)
    throw new Problem('credential.in-use', { id, services: users.map((user) => user.id).join(', ') })
  await context.book().remove(id)
  for (const text of secretsOf(record)) context.redactor.forget(text)
  context.refused.delete(id)
  const details = { fingerprint: mainFingerprint(record.scheme, record.secret) ?? '' }
  await context.audit.append({ who, action: 'credential.removed', target: id, details })
  context.publish({ type: 'credential-removed', id })
  return { id }
}

/** The secret itself, for the eyes of an administrator. The audit log has it before the caller does. */
export async function revealSecret(context: CredentialsContext, id: string, who: string): Promise<GivenSecret> {
  const { scheme, secret } = recordOf(context, id)
  const details = { fingerprint: mainFingerprint(scheme, secret) ?? '' }
  await context.audit.appendFirst({ who, action: 'credential.revealed', target: id, details })
  return Object.fromEntries(
    fieldsOf[scheme].flatMap((field) => (typeof secret[field] === 'string' ? [[field, secret[field]]] : [])),
  )
}

export async function auditWrites(
  context: CredentialsContext,
  writes: readonly SinkWrite[],
  who: string,
): Promise<void> {
  for (const { credentialId, sink, secret } of writes) {
    const value = secret[sink.field] ?? null
    const details = { path: sink.path, key: sink.key ?? '', fingerprint: value === null ? '' : fingerprint(value) }
    await context.audit.append({ who, action: 'sink.written', target: credentialId, details })
  }
}
