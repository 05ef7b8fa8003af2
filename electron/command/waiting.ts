import type { Service } from '../../shared/contract'
import { pause } from '../async/pause'
import type { Context } from './define'
import { CommandFailure, exits, usageError } from './exits'
import { isCut, type Panel } from './panel'
import { readNumber } from './parse'
import { ask } from './terminal'

/** Longest wait where none was asked for, in seconds: a model takes long to load. */
const usualTimeoutS = 1800

/**
 * Does something that may take long, until it is done, the person stops waiting, or the time is over: it then throws a
 * CommandFailure.
 */
export async function waiting<T>(
  { signal }: Pick<Context, 'signal'>,
  timeout: string | undefined,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const seconds = readNumber(timeout, '--timeout', 1) ?? usualTimeoutS
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), seconds * 1000)
  try {
    return await work(AbortSignal.any([signal, late.signal]))
  } catch (error) {
    if (!signal.aborted && late.signal.aborted)
      throw new CommandFailure(exits.late, 'failure.late', { seconds }, { cause: error })
    throw error
  } finally {
    clearTimeout(timer)
  }
}

/** After so many cuts without an event between them a stream is given up. */
const mostCuts = 6

/** Asked anew each time: it changes while something is awaited. */
const isOver = (signal: AbortSignal) => signal.aborted

/**
 * Follows a stream, and opens it again after a cut; `open` is told where the panel is asked anew. Ends where the stream
 * does. Throws what the panel refuses it with, the signal's reason, and the failure of a connection that stays away.
 */
export async function* following<T>(
  open: (signal: AbortSignal) => Promise<AsyncIterable<T>>,
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  for (let cuts = 0; ; cuts++) {
    try {
      for await (const event of await open(signal)) {
        cuts = 0
        yield event
      }
      signal.throwIfAborted()
      return
    } catch (error) {
      if (isOver(signal) || !isCut(error) || cuts >= mostCuts) throw error
    }
    await pause(Math.min(250 * 2 ** cuts, 4000), signal)
  }
}

/** Whether a service has come as far as it will: ready, or somewhere from where it goes on only by a person. */
function isSettled({ health, operation }: Service): boolean {
  switch (health.state) {
    case 'ready':
    case 'locked-out':
      return true
    case 'absent':
    case 'stopped':
      return operation === null
    case 'starting':
    case 'listening':
    case 'authenticated':
    case 'unhealthy':
    case 'unreachable':
      return false
  }
}

/** Waits until a service is ready, or will not be without a person. */
export async function untilReady(
  panel: Panel,
  id: string,
  { signal, tell }: { signal: AbortSignal; tell: (service: Service) => void },
): Promise<Service> {
  const open = (at: AbortSignal) => panel.client.system.events(undefined, { signal: at })
  for await (const event of following(open, signal)) {
    // The first event of a connection is `hello`: what was before it is asked.
    const isOther = event.type !== 'hello' && event.type !== 'gap' && event.type !== 'service'
    if (isOther || (event.type === 'service' && event.service.id !== id)) continue
    const service = event.type === 'service' ? event.service : await panel.client.services.get({ id }, { signal })
    tell(service)
    if (isSettled(service)) return service
  }
  return panel.client.services.get({ id }, { signal })
}

/** Asks whether to go on. Throws a usage error where nobody can be asked. */
export async function confirmed({ machine, say, signal }: Context, isYes: boolean): Promise<boolean> {
  if (isYes) return true
  if (machine.terminal.input.isTTY !== true) throw usageError('usage.needsYes')
  const answer = (await ask(machine.terminal, say('ask.goOn'), signal))?.trim() ?? ''
  return /^(?:y|yes|o|oui)$/i.test(answer)
}
