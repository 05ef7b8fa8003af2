import { stat } from 'node:fs/promises'
import { isReplaceable } from '../storage/files'
import type { CredentialsContext } from '../credentials/context'
import { recordOf } from '../credentials/credentials'
import type { CredentialRecord, StoredSink } from '../credentials/record'
import type { RotationRun } from './parts'
import type { Secret } from '../vault/secret'
import { renderSink, valueFor } from '../credentials/sinks/format'
import { currentBytes, restoreSink } from '../credentials/sinks/sinks'

/** A larger file than this (in bytes) holds more than secrets; it is not copied into the vault. */
const largest = 256 * 1024

/**
 * Seals what stands in those sinks that will be rewritten in place, for that cannot be done at once: a crash in the
 * middle leaves half of the new bytes in front of half of the old ones.
 */
export async function keepOriginals({ context, credentialId }: RotationRun): Promise<void> {
  const originals: Record<string, string> = {}
  for (const sink of recordOf(context, credentialId).sinks) {
    const isWhole = (await context.writeMode(sink.path)) === 'replace' && (await isReplaceable(sink.path))
    const bytes = isWhole ? null : await currentBytes(sink)
    if (bytes !== null && bytes.length <= largest) originals[sink.path] = bytes.toString('base64')
  }
  if (Object.keys(originals).length === 0) return
  await context.book().edit(credentialId, (now) => ({ ...now, pending: now.pending && { ...now.pending, originals } }))
}

/** Puts back the files that a crash left half written. Returns their paths. */
export async function mendTorn(context: CredentialsContext, credentialId: string): Promise<string[]> {
  const record = recordOf(context, credentialId)
  const mended: string[] = []
  for (const [file, original] of Object.entries(record.pending?.originals ?? {})) {
    const sinks = record.sinks.filter((sink) => sink.path === file)
    const [sink] = sinks
    if (!sink || (await stat(file).catch(() => null)) === null) continue
    const bytes = Buffer.from(original, 'base64')
    const current = await currentBytes(sink)
    if (current === null || !isTorn(current, statesOf(record, sinks, bytes))) continue
    await restoreSink(sink, bytes, await context.writeMode(file))
    mended.push(file)
  }
  return mended
}

/** Every whole content that a rotation, or its roll-back, gives a file on its way. */
function statesOf({ id, secret, pending }: CredentialRecord, sinks: readonly StoredSink[], original: Buffer): Buffer[] {
  const states = [original]
  const follow = (to: Secret, from: Buffer) =>
    sinks.reduce((before, sink) => {
      const after = renderSink(sink, to, valueFor(id, sink.field, to), before)
      states.push(after)
      return after
    }, from)
  for (const from of pending ? [original, follow(pending, original)] : []) follow(secret, from)
  for (const from of [...states]) follow(secret, from)
  return states
}

/** Whether bytes are the beginning of one state over the end of another, and neither of them whole. */
export function isTorn(current: Buffer, states: readonly Buffer[]): boolean {
  if (states.some((state) => state.equals(current))) return false
  return states.some((written) => {
    const upTo = commonLength(current, written)
    return states.some((before) =>
      current.length > before.length
        ? upTo === current.length
        : current.length === before.length && current.subarray(upTo).equals(before.subarray(upTo)),
    )
  })
}

function commonLength(a: Buffer, b: Buffer): number {
  let length = 0
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1
  return length
}
