import type { TimelineEntry } from '../../shared/contract'
import { createSerial } from '../async/serial'
import { isLadderWord, type Happening, type LadderWord } from './happenings'
import { lifecycleKinds } from './past'
import type { TimelineStore } from './store'
import type { Doer } from './who'

interface EntriesOptions {
  store: TimelineStore
  publish: (event: { type: 'timeline'; entry: TimelineEntry }) => void
  reportBug: (error: unknown) => void
}

/** Adds entries one after the other, so that they stand in the order in which things happened. */
export function createEntries({ store, publish, reportBug }: EntriesOptions) {
  const inTurn = createSerial()
  return {
    /** When its turn comes. */
    enqueue: (work: () => Promise<void>): void => void inTurn(work).catch(reportBug),
    settled: inTurn.settled,
    of: (serviceId: string) => store.of(serviceId),
    async add(serviceId: string, at: number, happening: Happening, { reason: asked, ...who }: Doer): Promise<void> {
      const reason = happening.reason ?? asked
      const entry = await store.add({
        serviceId,
        at,
        kind: happening.kind,
        ...who,
        exitCode: happening.exitCode ?? null,
        signal: happening.signal ?? null,
        image: happening.image ?? null,
        ...(reason ? { reason } : {}),
      })
      publish({ type: 'timeline', entry })
    },
    /** What the ladder told last before this panel started, unless the service ended after it. */
    async lastWord(serviceId: string): Promise<LadderWord> {
      const last = (await store.of(serviceId)).findLast(
        ({ kind }) => lifecycleKinds.includes(kind) || isLadderWord(kind),
      )
      return last && isLadderWord(last.kind) ? last.kind : null
    },
  }
}

export type Entries = ReturnType<typeof createEntries>
