import { setTimeout as wait } from 'node:timers/promises'

const lookMs = 250

/** Whether something comes true within the time that a Swarm may take for it. */
export async function settles(isSo: () => Promise<boolean>, patienceMs = 30_000): Promise<boolean> {
  const end = performance.now() + patienceMs
  for (;;) {
    if (await isSo()) return true
    if (performance.now() > end) return false
    await wait(lookMs)
  }
}
