import { reason, type Reason } from '../../shared/problems'
import { allFields, withoutField, type Field } from './fields'
import type { Machine } from '../system/machine'
import { noProgram, type Located } from './find-nvidia-smi'
import { explainExitCode, longestWords, readMessage, type Message } from './messages'
import type { GpuRow } from './parse-gpus'
import { onAbort } from '../async/abort'
import { pause } from '../async/pause'
import { intervalMs, streamSamples, type StreamEnd } from './smi'

/** All in ms. */
export interface SamplingTiming {
  /** Silence after which the stream counts as stuck. */
  silentMs: number
  /** The same for its first row: the driver may have to be loaded first. */
  firstRowMs: number
  /** First and longest wait before a broken stream is started again; it doubles in between. */
  backoffMs: { first: number; longest: number }
  /** Wait before asking again a machine that has no driver or no GPU. */
  absentMs: number
  /** Between two samples where each needs a program of its own. */
  singleMs: number
}

/** Why there are no samples. `stale` passes by itself, the others need somebody to act. */
export interface Fault {
  state: 'stale' | 'absent' | 'no-devices'
  reason: Reason
}

export interface SamplingEvents {
  onSample: (rows: GpuRow[]) => void
  /** Something is wrong with one GPU; the samples of the others go on. */
  onWarning: (warning: Reason) => void
  onFault: (fault: Fault) => void
}

/** How one child ended, as far as the next step depends on it. */
interface Outcome {
  samples: number
  /** The message that says why there are no rows. */
  verdict: Exclude<Message, { effect: 'warning' }> | null
  warning: Reason | null
  isSilent: boolean
  /** The first text since the last sample that was no row: what follows it only repeats, or says less. */
  words: string
  end: StreamEnd
}

/** How often a sample is taken, and a machine without a driver asked again, in ms. */
export interface Pace {
  everyMs: number
  absentMs: number
}

interface Child {
  program: string
  fields: readonly Field[]
  loop: boolean
  everyMs: number
  timing: SamplingTiming
  events: SamplingEvents
  machine: Machine
}

/** Runs one child to its end, which comes with the signal, by itself, or after too long a silence. */
async function runChild(
  { program, fields, loop, everyMs, timing, events, machine }: Child,
  signal: AbortSignal,
): Promise<Outcome> {
  let samples = 0
  let verdict: Outcome['verdict'] = null
  let warning: Reason | null = null
  let isSilent = false
  let words = ''
  const silentMs = Math.max(timing.silentMs, 2.5 * everyMs)
  const stream = streamSamples({
    ...{ program, fields, loop, everyMs },
    onSample: (rows) => {
      // What still comes from a child that is being ended tells of the past.
      if (signal.aborted) return
      samples++
      words = ''
      listen(silentMs)
      events.onSample(rows)
    },
    onMessage: (line) => {
      words ||= line.slice(0, longestWords)
      const message = readMessage(line, machine)
      if (message?.effect === 'warning') {
        warning = message.reason
        events.onWarning(message.reason)
      } else if (message) verdict ??= message
    },
  })
  let watchdog: NodeJS.Timeout | undefined
  const listen = (ms: number) => {
    clearTimeout(watchdog)
    watchdog = setTimeout(() => {
      isSilent = true
      const silent = reason('gpu.silent', { seconds: Math.round(ms / 1000) })
      // Told now: a child that hangs in the driver may never end.
      events.onFault({ state: 'stale', reason: warning ?? silent })
      stream.end()
    }, ms)
  }
  listen(timing.firstRowMs)
  const leave = onAbort(signal, () => stream.end())
  const end = await stream.ended
  clearTimeout(watchdog)
  leave()
  return { samples, verdict, warning, isSilent, words, end }
}

/** What the end of a child says of the GPUs; `null` when it was only a single sample that came as it should. */
function faultOf(outcome: Outcome, machine: Machine): Fault | null {
  const { samples, verdict, warning, end, words, isSilent } = outcome
  if (verdict?.effect === 'absent' || verdict?.effect === 'no-devices')
    return { state: verdict.effect, reason: verdict.reason }
  if (end.error === 'ENOENT') return { state: 'absent', reason: noProgram(machine) }
  if (end.error !== null)
    return { state: 'absent', reason: reason('gpu.failed', { code: end.error, words: words || '–' }) }
  if (isSilent) return null // told when it was noticed
  if (samples > 0) return { state: 'stale', reason: warning ?? explainExitCode(end.code, words, machine) }
  const why = warning ?? explainExitCode(end.code, words, machine)
  return { state: why.problem === 'gpu.no-devices' ? 'no-devices' : 'absent', reason: why }
}

interface SamplerParts {
  locate: () => Promise<Located>
  timing: SamplingTiming
  machine: Machine
  events: SamplingEvents
}

/** Returns a function that samples until its signal aborts, one child after the other and never two. */
export function createSampler({ locate, timing, machine, events }: SamplerParts) {
  // What was learnt of this driver is kept: the columns it knows, and whether its loop can be read as it runs.
  let fields = allFields
  let loop = true
  let learntOf: string | null = null

  return async function sampleUntil(signal: AbortSignal, { everyMs, absentMs }: Pace): Promise<void> {
    let backoff = timing.backoffMs.first
    while (!signal.aborted) {
      const located = await locate()
      if (isAborted(signal)) return
      if ('reason' in located) {
        events.onFault({ state: 'absent', reason: located.reason })
        await pause(absentMs, signal)
        continue
      }
      const { program } = located
      if (program !== learntOf) {
        fields = allFields
        loop = true
        learntOf = program
      }
      const outcome = await runChild({ program, fields, loop, everyMs, timing, events, machine }, signal)
      // The callback's promise is awaited; TypeScript keeps believing the loop's own check.
      if (isAborted(signal)) return
      if (outcome.verdict?.effect === 'drop-field') {
        const fewer = withoutField(fields, outcome.verdict.field)
        if (fewer) {
          fields = fewer
          continue
        }
      }
      if (!loop && outcome.samples > 0 && outcome.end.code === 0) {
        await pause(Math.max(timing.singleMs, everyMs > intervalMs ? everyMs : 0), signal)
        continue
      }
      // Some versions hold looped output back in a pipe: then each sample gets a program of its own.
      if (outcome.isSilent && outcome.samples === 0) loop = !loop
      const fault = faultOf(outcome, machine)
      if (fault) events.onFault(fault)
      if (outcome.samples > 3) backoff = timing.backoffMs.first
      await pause(fault && fault.state !== 'stale' ? absentMs : backoff, signal)
      backoff = Math.min(backoff * 2, timing.backoffMs.longest)
    }
  }
}

const isAborted = (signal: AbortSignal): boolean => signal.aborted
