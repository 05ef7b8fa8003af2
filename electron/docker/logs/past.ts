import type { LogLine } from '../../../shared/contract'
import { createIntake, panelLine } from '../../logs/intake'
import { reach } from '../../logs/lines'
import type { NewLine, Ring } from '../../logs/ring'
import type { Redactor } from '../../vault/redactor'
import type { Engine } from '../engine'
import { timeOf } from './parse'
import { readEngineLog } from './read'
import { gap, type Reading, type Session } from './reading'

/** A note so much older than the first line that is shown says nothing about it. */
const noteReachMs = 60_000

/** Where the lines of the past are. */
export interface Past {
  engine: Pick<Engine, 'client' | 'status'>
  ring: Pick<Ring, 'first' | 'next'>
  notesBefore: Reading['notesBefore']
  redactor: Redactor
}

/** How many lines at most. */
interface Wanted {
  count: number | 'all'
  signal: AbortSignal
}

/** The lines that the engine has from before those that are kept, oldest first. */
async function* engineHistory(
  { engine, ring, redactor }: Past,
  { first, container }: Session,
  { count, signal }: Wanted,
): AsyncGenerator<NewLine[], void, undefined> {
  if (!first?.line.time || container?.id !== first.containerId || engine.status().state !== 'connected') return
  const { stream, time } = first.line
  const tail = count === 'all' ? count : count + (ring.next() - ring.first())
  const redact = (text: string) => redactor.redact(text)
  const intake = createIntake(redact)
  const reading = { signal, places: redactor.places }
  try {
    const docker = await engine.client()
    for await (const lines of readEngineLog(docker, container, { follow: false, tail }, reading)) {
      const end = lines.findIndex((line) => line.stream === stream && line.time?.since === time.since)
      const before = end < 0 ? lines : lines.slice(0, end)
      if (before.length > 0) yield intake(before, timeOf)
      if (end >= 0) return
    }
  } catch {
    if (!signal.aborted)
      yield [panelLine('Docker did not give all of the older lines: some are missing here.', 'warn', redact)]
  }
}

/** The same with Regie's own lines in between, where they belong by their time. */
export async function* pastLines(past: Past, of: Session, wanted: Wanted): AsyncGenerator<NewLine[], void, undefined> {
  let own = past.notesBefore(of.startedAt)
  let isFirst = true
  for await (const lines of engineHistory(past, of, wanted)) {
    const from = lines[0]?.at ?? 0
    if (isFirst && wanted.count !== 'all') own = own.filter(({ at }) => at >= from - noteReachMs)
    isFirst = false
    const upTo = lines.at(-1)?.at ?? 0
    const due = own.filter(({ at }) => at <= upTo)
    own = own.slice(due.length)
    yield due.length === 0 ? lines : [...due, ...lines].sort((a, b) => a.at - b.at)
  }
  if (own.length > 0) yield own
}

/** The same with the numbers before those of the lines that are kept, in batches worth sending. */
export async function* numberedPast(
  past: Past,
  of: Session,
  wanted: Wanted,
): AsyncGenerator<LogLine[], void, undefined> {
  let seq = of.base - gap
  let batch: LogLine[] = []
  const near: Partial<Record<LogLine['stream'], number[]>> = {}
  let since = performance.now()
  for await (const lines of pastLines(past, of, wanted)) {
    for (const { at, stream, level, text, styles, replaces, up = 0 } of lines) {
      const former = replaces ? near[stream]?.at(-1 - up) : undefined
      const number = former ?? seq++
      if (former === undefined) near[stream] = [...(near[stream] ?? []).slice(1 - reach), number]
      const line = { seq: number, at, stream, level, text }
      batch.push(styles ? { ...line, styles } : line)
    }
    if (batch.length < 1_000 && performance.now() - since < 20) continue
    yield batch
    batch = []
    since = performance.now()
  }
  if (batch.length > 0) yield batch
}
