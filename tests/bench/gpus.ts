import { stat } from 'node:fs/promises'
import path from 'node:path'
import { openGpuHistory } from '../../electron/gpu-history'
import { writeGpuPast } from '../support/gpu-past'
import { cardOf, sampleAt } from '../support/gpu-readings'
import { replayedGpus, startHeadless } from '../support/headless'
import { temporaryFolder } from '../support/programs'
import { budgets } from './budgets'
import { median, repeat, timed, type Measure } from './measure'

const day = 86_400_000
const uuids = Array.from({ length: 8 }, (_, index) => `GPU-0000000${index}-0000-1111-2222-333344445555`)
const runs = 15
const samples = 600

/** CPU of one sample of eight cards that is taken into the history, written every minute, in ms. */
async function costOfSample(): Promise<number> {
  await using folder = await temporaryFolder('regie-bench-gpus')
  let now = Date.now()
  const history = await openGpuHistory({
    ...{ file: path.join(folder.path, 'gpus.db'), uptimeMs: () => now, everyMs: day },
    clock: { now: () => now, after: () => () => undefined },
    failed(error) {
      throw error
    },
  })
  const before = process.cpuUsage()
  for (let turn = 0; turn < samples; turn++) {
    now += 1000
    history.take(
      sampleAt(now, ...uuids.map((uuid, index) => cardOf({ index, uuid, utilizationPct: turn % 100 }))),
      1000,
    )
    if (turn % 60 === 59) history.flush()
  }
  const { user, system } = process.cpuUsage(before)
  history.close()
  return (user + system) / 1000 / samples
}

/** 30 days of eight cards: how large they are, how long a chart takes, and what a sample costs. */
export async function measureGpus(): Promise<Measure[]> {
  await using folder = await temporaryFolder('regie-bench-gpus')
  await writeGpuPast({ data: folder.path, uuids, forMs: 30 * day })
  const { size } = await stat(path.join(folder.path, 'gpus.db'))
  const panel = await startHeadless({ data: folder.path, env: replayedGpus('eight') })
  try {
    const [uuid = ''] = uuids
    const chart = (forMs: number) =>
      repeat(runs, () => timed(() => panel.client.gpus.history({ uuid, from: Date.now() - forMs, points: 400 })))
    const note = 'of eight cards'
    return [
      {
        what: 'GPUs, a chart of 30 days',
        value: median(await chart(30 * day)),
        unit: 'ms',
        budget: budgets.gpuMonthMs,
        note,
      },
      { what: 'GPUs, a chart of a day', value: median(await chart(day)), unit: 'ms', budget: budgets.gpuMonthMs, note },
      { what: 'GPUs, 30 days of history', value: size / 2 ** 20, unit: 'MiB', budget: budgets.gpuHistoryMiB, note },
      {
        what: 'GPUs, a sample into the history',
        value: await costOfSample(),
        unit: 'ms CPU',
        budget: budgets.gpuSampleMs,
        note,
      },
    ]
  } finally {
    await panel.stop()
  }
}
