/** Jobs that Regie gives a service to try it, which are nobody's generation: those who look for foreign work know them. */
export interface OpenTrials {
  /** The names that they have on the service. */
  on(serviceId: string): string[]
  /** Notes one until the returned function is called. */
  begin(serviceId: string, jobId: string): () => void
}

/** Such jobs, held in memory. */
export function createOpenTrials(): OpenTrials {
  const open = new Map<string, Set<string>>()
  return {
    on: (serviceId) => [...(open.get(serviceId) ?? [])],
    begin(serviceId, jobId) {
      const jobs = open.get(serviceId) ?? new Set()
      open.set(serviceId, jobs.add(jobId))
      return () => {
        jobs.delete(jobId)
        if (jobs.size === 0) open.delete(serviceId)
      }
    },
  }
}
