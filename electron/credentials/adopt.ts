import { readFile, stat } from 'node:fs/promises'
import type { Credential, SecretField } from '../../shared/contract'
import { Problem, type ProblemId } from '../../shared/problems'
import { fileErrorCode } from '../storage/files'
import type { CredentialsContext } from './context'
import { mainFingerprint, recordOf, refuseWhileRotating } from './credentials'
import { keepPrevious } from './grace'
import { secretsOf, type CredentialRecord, type StoredSink } from './record'
import type { Secret } from '../vault/secret'
import { checkField, checkInUse, sameSecret } from './secrets'
import { extractValue } from './sinks/format'

/** The value that stands in a sink now. Throws a Problem when there is none. */
async function readValue(sink: StoredSink, secret: Secret): Promise<string> {
  try {
    if ((await stat(sink.path)).isDirectory()) throw new Problem('sink.directory', { path: sink.path })
    const { value, caveat } = extractValue(sink, await readFile(sink.path), secret)
    // A value that its readers take differently is no value to trust.
    if (caveat?.problem === 'sink.mangled') throw new Problem<ProblemId>(caveat.problem, caveat.params)
    if (value === null || value === '') throw new Problem('sink.nothing-to-adopt', { path: sink.path })
    return value
  } catch (error) {
    const code = fileErrorCode(error)
    if (error instanceof Problem || code === null) throw error
    throw new Problem(code === 'ENOENT' ? 'sink.missing' : 'sink.unreadable', { path: sink.path, code })
  }
}

/** The secret with one part as a sink has it. A password stays known only where it belongs to the adopted hash. */
async function secretWith(
  { hasher }: CredentialsContext,
  { scheme, secret }: CredentialRecord,
  field: SecretField,
  value: string,
): Promise<CredentialRecord['secret']> {
  // Plain text in the place of ComfyUI-Login's hash is mostly a mistake of whoever wrote the file.
  const check = scheme === 'comfyui-login' ? checkField : checkInUse
  check(scheme, field, value)
  if (scheme !== 'comfyui-login' || field === 'username' || field === 'sessionKey') return { ...secret, [field]: value }
  // The hash is what opens the service; a password alone would need a new hash, which is a rotation.
  if (field === 'password') throw new Problem('sink.adopt-password')
  const belongs = secret.password !== null && (await hasher.compare(secret.password, value))
  return { ...secret, token: value, password: belongs ? secret.password : null }
}

/**
 * Takes what stands in a sink into the vault, as the credential's new value; the former one is kept for its grace.
 * Nothing else is written: other sinks then show as drifted, to be compared and written.
 */
export async function adoptFromSink(
  context: CredentialsContext,
  { id, sinkId, who }: { id: string; sinkId: string; who: string },
): Promise<Credential> {
  const record = recordOf(context, id)
  refuseWhileRotating(context, id)
  const sink = record.sinks.find((one) => one.id === sinkId)
  if (!sink) throw new Problem('sink.not-found', { id, sink: sinkId })
  const value = await readValue(sink, record.secret)
  return adoptFound(context, { id, field: sink.field, value, who, from: { path: sink.path, key: sink.key ?? '' } })
}

/** A value that was found elsewhere, and where: a place's name alone, for the audit log. */
export interface FoundValue {
  id: string
  field: SecretField
  value: string
  who: string
  from: { path: string; key: string }
  /** The user name that belongs to it, where it came with one. */
  username?: string | null
}

/** Takes a value into the vault as `adoptFromSink` does; called one at a time. */
export async function adoptFound(
  context: CredentialsContext,
  { id, field, value, who, from, username = null }: FoundValue,
): Promise<Credential> {
  const record = recordOf(context, id)
  refuseWhileRotating(context, id)
  const isKnownName = username === null || username === record.secret.username
  if (sameSecret(value, record.secret[field] ?? null) && isKnownName) return context.describe(record)
  const found = await secretWith(context, record, field, value)
  if (!isKnownName) checkField(record.scheme, 'username', username)
  const secret = isKnownName ? found : { ...found, username }
  const adopted: CredentialRecord = {
    ...record,
    secret,
    ...keepPrevious(record, record.secret, context.now()),
    version: record.version + 1,
    changedAt: context.now(),
    lastProof: null,
  }
  for (const text of secretsOf(adopted)) context.redactor.learn(text)
  await context.book().edit(id, (now) => ({ ...adopted, sinks: now.sinks }))
  context.refused.delete(id)
  const prints = {
    old: mainFingerprint(record.scheme, record.secret) ?? '',
    new: mainFingerprint(record.scheme, secret) ?? '',
  }
  await context.audit.append({ who, action: 'credential.adopted', target: id, details: { ...from, ...prints } })
  await context.announce(id)
  return context.describe(recordOf(context, id))
}
