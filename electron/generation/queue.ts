/** One line of jobs per service: a service works on one at a time. */
export interface Queue<Job> {
  /** Jobs before the new one. */
  add(serviceId: string, job: Job): number
  /** Takes a job out that has not begun. False when it has, or was never there. */
  withdraw(serviceId: string, job: Job): boolean
  /** Jobs on a service, the one at work included. */
  length(serviceId: string): number
  /** Resolves when every line is empty. */
  idle(): Promise<void>
  /** Begins nothing more; what waits stays as it is. */
  stop(): void
}

interface Line<Job> {
  working: Job | null
  waiting: Job[]
}

export function createQueue<Job>(ports: {
  work: (job: Job) => Promise<void>
  /** Called for each waiting job whose place has changed. */
  moved: (job: Job, ahead: number) => void
}): Queue<Job> {
  const lines = new Map<string, Line<Job>>()
  let stopped = false
  let onIdle: (() => void)[] = []

  const tellPlaces = (line: Line<Job>) => {
    const ahead = line.working === null ? 0 : 1
    line.waiting.forEach((job, i) => ports.moved(job, i + ahead))
  }

  async function run(serviceId: string, line: Line<Job>) {
    while (!stopped) {
      const job = line.waiting.shift()
      if (job === undefined) break
      line.working = job
      tellPlaces(line)
      await ports.work(job)
      line.working = null
    }
    lines.delete(serviceId)
    if (lines.size > 0) return
    for (const resolve of onIdle) resolve()
    onIdle = []
  }

  return {
    add(serviceId, job) {
      const line = lines.get(serviceId)
      if (line) {
        line.waiting.push(job)
        return line.waiting.length - (line.working === null ? 1 : 0)
      }
      const fresh: Line<Job> = { working: null, waiting: [job] }
      lines.set(serviceId, fresh)
      void run(serviceId, fresh)
      return 0
    },
    withdraw(serviceId, job) {
      const line = lines.get(serviceId)
      const place = line?.waiting.indexOf(job) ?? -1
      if (!line || place < 0) return false
      line.waiting.splice(place, 1)
      tellPlaces(line)
      return true
    },
    length(serviceId) {
      const line = lines.get(serviceId)
      return line ? line.waiting.length + (line.working === null ? 0 : 1) : 0
    },
    idle: () => (lines.size === 0 ? Promise.resolve() : new Promise((resolve) => onIdle.push(resolve))),
    stop: () => void (stopped = true),
  }
}
