import { readFileSync } from 'node:fs'

/**
 * The time that the processor gave to this thread so far, in ms. Beside other programs a clock on the wall makes a short
 * call long; Linux tells the thread's own time, elsewhere it is that of all threads, which is never less.
 */
export function threadMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'utf8').split(' ')[0]) / 1e6
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}

const beatMs = 2

/**
 * How long some work holds the event loop at most, in ms: what this thread computed between two beats of a timer that comes
 * every 2 ms, or between a beat and the end.
 */
export async function stallOf(work: () => unknown): Promise<number> {
  let last = threadMs()
  let longest = 0
  const beat = () => {
    const now = threadMs()
    longest = Math.max(longest, now - last)
    last = now
  }
  const timer = setInterval(beat, beatMs)
  try {
    await work()
  } finally {
    clearInterval(timer)
    beat()
  }
  return longest
}
