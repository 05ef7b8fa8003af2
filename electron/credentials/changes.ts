import type { PlaceChange } from '../../shared/contract'

/** What a sink was seen to hold. */
interface Seen {
  fingerprint: string | null
  change: PlaceChange | null
}

/** Remembers what each sink held when it was last looked at, so that a change can be told with both its values. */
export interface SinkChanges {
  /** Takes what a sink holds now (null: nothing); answers the last change that was seen. `at`: when it was written. */
  note(sinkId: string, fingerprint: string | null, at: number): PlaceChange | null
}

export function createChanges(): SinkChanges {
  const seen = new Map<string, Seen>()
  return {
    note(sinkId, fingerprint, at) {
      const before = seen.get(sinkId)
      const change =
        before && before.fingerprint !== fingerprint
          ? { from: before.fingerprint, to: fingerprint, at }
          : (before?.change ?? null)
      seen.set(sinkId, { fingerprint, change })
      return change
    },
  }
}
