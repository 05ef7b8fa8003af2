/**
 * Who has opened the pages of a service since somebody worked with it last. That is use once: a page that is opened again and
 * again, by a person or a program, keeps nothing awake.
 */
export function createVisits() {
  const seen = new Map<string, Set<string>>()
  return {
    /** Notes somebody; whether it is his first visit since then. */
    isFirst(serviceId: string, account: string): boolean {
      const here = seen.get(serviceId) ?? new Set<string>()
      seen.set(serviceId, here)
      if (here.has(account)) return false
      here.add(account)
      return true
    },
    /** Somebody works with it, or it was started: all may visit it anew. */
    worked: (serviceId: string): void => void seen.delete(serviceId),
  }
}
