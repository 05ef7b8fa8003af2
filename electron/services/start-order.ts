import type { ServiceConfig } from '../../shared/contract'
import { orAborted } from '../async/abort'

/**
 * The GPU that a service will load its models on, as far as it is known: the one it was given, else the only one of
 * the machine. Simulators use none, and what others run is not started here.
 */
export function gpuOf(config: ServiceConfig, gpus: readonly { uuid: string }[]): string | null {
  if (config.gpuUuid !== undefined) return config.gpuUuid
  if (config.runtime === 'simulator' || config.runtime === 'external') return null
  return gpus.length === 1 ? (gpus[0]?.uuid ?? null) : null
}

interface Ticket {
  id: string
  begin: () => void
  timer?: NodeJS.Timeout
}

/** Nobody holds a GPU's line for longer, in ms: a service that neither gets ready nor fails lets the next begin. */
const usualBoundMs = 3 * 60_000

export interface WaitOptions {
  /** Gives the place up. */
  signal: AbortSignal
  /** Told once of the services that go first, if there are any. */
  onWait: (others: string[]) => void
}

/** One line for each GPU: services that share one start one after the other, others at the same time. */
export function createTurns({ boundMs = usualBoundMs }: { boundMs?: number } = {}) {
  const lines = new Map<string, Ticket[]>()

  const ahead = (id: string, gpu: string | null): string[] => {
    const line = gpu === null ? [] : (lines.get(gpu) ?? [])
    const own = line.findIndex((ticket) => ticket.id === id)
    return (own < 0 ? line : line.slice(0, own)).map((ticket) => ticket.id)
  }

  const leave = (gpu: string, ticket: Ticket) => {
    const line = lines.get(gpu) ?? []
    const place = line.indexOf(ticket)
    if (place < 0) return
    clearTimeout(ticket.timer)
    line.splice(place, 1)
    if (line.length === 0) lines.delete(gpu)
    else if (place === 0) call(gpu, line[0])
  }

  const call = (gpu: string, ticket: Ticket | undefined) => {
    if (!ticket) return
    ticket.timer = setTimeout(() => leave(gpu, ticket), boundMs)
    ticket.timer.unref()
    ticket.begin()
  }

  return {
    /** The services that a start on this GPU would wait for now. */
    ahead,

    /**
     * Resolves when it is the service's turn, with the function that ends it. Rejects with the signal's reason when
     * that comes first.
     */
    async take(id: string, gpu: string, { signal, onWait }: WaitOptions): Promise<() => void> {
      signal.throwIfAborted()
      const line = lines.get(gpu) ?? []
      lines.set(gpu, line)
      const others = line.map((ticket) => ticket.id)
      const ticket: Ticket = { id, begin: () => undefined }
      line.push(ticket)
      if (others.length === 0) {
        call(gpu, ticket)
        return () => leave(gpu, ticket)
      }
      onWait(others)
      const called = new Promise<void>((resolve) => (ticket.begin = resolve))
      try {
        await orAborted(called, signal)
      } catch (error) {
        leave(gpu, ticket)
        throw error
      }
      return () => leave(gpu, ticket)
    },
  }
}
