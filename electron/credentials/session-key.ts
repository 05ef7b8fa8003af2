import { readIfPresent } from '../storage/files'
import type { StoredSink } from './record'
import type { Secret } from '../vault/secret'
import { generateSessionKey } from './secrets'
import { readSessionKey } from './sinks/session-key'

const sinkOf = (sinks: readonly StoredSink[]) => sinks.find(({ type }) => type === 'session-key')

/** A new session key for a rotation; null where no sink holds one. */
export const freshSessionKey = (sinks: readonly StoredSink[]): string | null =>
  sinkOf(sinks) ? generateSessionKey() : null

/**
 * The session key of a credential with these sinks: the one that it has, else the one that stands in the file, so that
 * naming the file ends nobody's session, else a new one. Null where no sink holds one.
 */
export async function keepSessionKey({ sessionKey }: Secret, sinks: readonly StoredSink[]): Promise<string | null> {
  const sink = sinkOf(sinks)
  if (!sink) return null
  // What cannot be read is told when the sink is checked for writing.
  const found = sessionKey ? null : await readIfPresent(sink.path).catch(() => null)
  return sessionKey ?? readSessionKey(found?.toString('latin1') ?? '') ?? generateSessionKey()
}
