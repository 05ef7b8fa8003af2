import { replayedGpus, startHeadless } from '../support/headless'
import { budgets } from './budgets'
import type { Measure } from './measure'
import { usageOf } from './process-usage'

/** The garbage collector tidies up once after the start, up to half a minute late: this belongs to the start. */
const settleMs = 45_000
const watchMs = 60_000

const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What the panel costs while nobody looks: both simulated services ready, one GPU child, no page open. */
export async function measureIdle(): Promise<Measure[]> {
  const panel = await startHeadless({ env: replayedGpus() })
  try {
    await panel.client.services.startAll()
    await sleep(settleMs)
    const before = await usageOf(panel.pid)
    await sleep(watchMs)
    const after = await usageOf(panel.pid)
    return [
      {
        what: 'Idle CPU, no page open',
        value: ((after.cpuMs - before.cpuMs) / watchMs) * 100,
        unit: '% of a core',
        budget: budgets.idleCpu,
        note: `over ${watchMs / 1000} s; two simulated services ready, one GPU child`,
      },
      {
        what: 'Idle memory (RSS), no page open',
        value: after.rssMiB,
        unit: 'MiB',
        budget: budgets.idleMiB,
        note: 'the panel’s own process',
      },
    ]
  } finally {
    await panel.stop()
  }
}
