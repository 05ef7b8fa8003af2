import { connect } from 'node:net'
import { Problem, reason, type Reason } from '../../shared/problems'
import type { BackendProbe, ImageBackend } from '../kinds/backend'
import type { Timed } from './timed'
import { addressOf } from './runtimes/simulator'

/** Longest climb, in ms: a ComfyUI that loads a model answers after seconds, but answers. */
const probeTimeoutMs = 20_000

const failed = (asked: string, answered: string, why: Reason, tookMs: number): BackendProbe => ({
  evidence: [{ rung: 'listening', outcome: 'failed', asked, answered, tookMs, reason: why }],
  model: null,
  queue: null,
})

/**
 * Climbs from `listening` to `ready` once. Never rejects: what goes wrong is evidence too; what is no expected failure
 * goes to `reportBug` as well. What `signal` ends is evidence of nothing.
 */
export async function probeOnce(
  backend: Pick<ImageBackend, 'probe'>,
  url: string,
  { reportBug, signal }: { reportBug: (error: unknown) => void; signal: AbortSignal },
): Promise<BackendProbe & Timed> {
  const began = performance.now()
  const timeout = AbortSignal.timeout(probeTimeoutMs)
  const tookMs = () => Math.round(performance.now() - began)
  const climbed = async () => {
    try {
      return await backend.probe(AbortSignal.any([timeout, signal]))
    } catch (error) {
      if (error instanceof Problem) return failed(url, error.id, error.reason, tookMs())
      if (!timeout.aborted && !signal.aborted) reportBug(error)
      return failed(url, timeout.aborted ? 'timeout' : 'error', reason('backend.unreachable', { url }), tookMs())
    }
  }
  const probe = await climbed()
  return { ...probe, at: Date.now(), tookMs: tookMs() }
}

/** Looks whether anything listens, and says nothing to it: it is not known to be ours. */
export async function probePort(url: string): Promise<BackendProbe & Timed> {
  const began = performance.now()
  const isOpen = await accepts(url)
  const tookMs = Math.round(performance.now() - began)
  const refused = new Problem('backend.unreachable', { url, detail: 'ECONNREFUSED' }).reason
  const probe = isOpen ? listens(url, tookMs) : failed(url, 'ECONNREFUSED', refused, tookMs)
  return { ...probe, at: Date.now(), tookMs }
}

const listens = (asked: string, tookMs: number): BackendProbe => ({
  evidence: [{ rung: 'listening', outcome: 'proven', asked, answered: 'open', tookMs }],
  model: null,
  queue: null,
})

/** Whether anything accepts a connection at a URL's host and port. */
export function accepts(url: string, timeoutMs = 1_000): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ ...addressOf(url), timeout: timeoutMs })
    const answer = (open: boolean) => {
      socket.destroy()
      resolve(open)
    }
    socket.once('connect', () => answer(true))
    socket.once('timeout', () => answer(false))
    socket.once('error', () => answer(false))
  })
}
