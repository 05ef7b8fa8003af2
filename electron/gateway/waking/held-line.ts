import { onAbort } from '../../async/abort'

/** A place among those who are held for one service. */
export interface HeldPlace {
  /** Resolves at the next look, or when the signal aborts. Never rejects. */
  next(signal: AbortSignal): Promise<void>
  leave(): void
}

/** Those who are held, by service, looked at in the order in which they came: nobody overtakes who came before. */
export function createHeldLine(everyMs: number) {
  const lines = new Map<string, Map<symbol, (() => void) | null>>()
  const timers = new Map<string, NodeJS.Timeout>()

  const wakeOne = (serviceId: string) => {
    for (const look of [...(lines.get(serviceId)?.values() ?? [])]) look?.()
  }
  /** One clock for a service: were each to have its own, who looks first would be whose time is up first. */
  const tick = (serviceId: string) => {
    if (timers.has(serviceId)) return
    const timer = setTimeout(() => {
      timers.delete(serviceId)
      wakeOne(serviceId)
    }, everyMs)
    timers.set(serviceId, timer)
  }

  return {
    enter(serviceId: string): HeldPlace {
      const line = lines.get(serviceId) ?? new Map<symbol, (() => void) | null>()
      lines.set(serviceId, line)
      const own = Symbol(serviceId)
      line.set(own, null)
      return {
        next: (signal) =>
          new Promise((resolve) => {
            let leaveSignal = () => {}
            const done = () => {
              leaveSignal()
              if (line.has(own)) line.set(own, null)
              resolve()
            }
            // A value that is set anew keeps its place.
            line.set(own, done)
            leaveSignal = onAbort(signal, done)
            if (!signal.aborted) tick(serviceId)
          }),
        leave() {
          line.delete(own)
          if (line.size > 0 || lines.get(serviceId) !== line) return
          lines.delete(serviceId)
          clearTimeout(timers.get(serviceId))
          timers.delete(serviceId)
        },
      }
    },
    /** Whether nobody is held for a service. */
    isEmpty: (serviceId: string): boolean => !lines.has(serviceId),
    /** Those of one service look again, in their order. */
    wakeOne,
    /** Something has changed: all look again. */
    wake(): void {
      for (const serviceId of [...lines.keys()]) wakeOne(serviceId)
    },
  }
}
