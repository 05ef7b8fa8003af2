import type { EngineLine } from './parse'
import { earlier, type EngineTime } from './timestamps'

interface Last {
  since: string
  /** How many lines bore this time. */
  count: number
}

type Lasts = Record<EngineLine['stream'], Last | undefined>

/** The engine stamps the two streams on their own: on a machine with much to do, one may be seconds behind the other. */
const overlapS = 5

/**
 * Remembers how far a container's log was read, so that reading again after a cut neither loses nor doubles a line:
 * the times of one stream never go back.
 */
export function createSeen() {
  const lasts: Lasts = { stdout: undefined, stderr: undefined }
  let newest: EngineTime | null = null

  return {
    /** Where to read on; null when nothing was read yet. */
    since: (): string | null => (newest ? earlier(newest, overlapS) : null),

    note(lines: readonly EngineLine[]) {
      for (const { stream, time } of lines) {
        if (!time) continue
        const last = lasts[stream]
        if (last?.since === time.since) last.count++
        else lasts[stream] = { since: time.since, count: 1 }
        if (!newest || time.since > newest.since) newest = time
      }
    },

    /** A filter for what is read again from `since()` on: lets through what is new. */
    filter(): (lines: EngineLine[]) => EngineLine[] {
      const known: Lasts = structuredClone(lasts)
      const met = { stdout: 0, stderr: 0 }
      const isNew = ({ stream, time }: EngineLine) => {
        const last = known[stream]
        if (!time) return true
        if (!last) return lasts[stream] !== undefined || isAfterOther(stream, time)
        if (time.since < last.since) return false
        if (time.since === last.since && met[stream]++ < last.count) return false
        known[stream] = undefined
        return true
      }
      /** Reading began with the log's last line: what stands before it in the other stream was there before, too. */
      const isAfterOther = (stream: EngineLine['stream'], time: EngineTime) => {
        const other = stream === 'stdout' ? 'stderr' : 'stdout'
        const last = known[other]
        return !last || met[other] >= last.count || earlier(time, overlapS) > last.since
      }
      return (lines) => (known.stdout || known.stderr ? lines.filter(isNew) : lines)
    },
  }
}
