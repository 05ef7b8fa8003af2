import path from 'node:path'
import { openGpuHistory } from '../../electron/gpu-history'
import { cardOf, sampleAt } from './gpu-readings'
import { handClock } from './hand-clock'

const minute = 60_000

interface Past {
  /** The data folder that it is written to. */
  data: string
  uuids: readonly string[]
  /** For how long, in ms, up to now. */
  forMs: number
  /** A stretch without a reading, in ms before now: the driver was gone. */
  gone?: { from: number; to: number }
}

/** Writes what cards did, as a panel that ran before has kept it: busy in the second half of each hour, with one hot hour. */
export async function writeGpuPast({ data, uuids, forMs, gone }: Past): Promise<void> {
  const end = Date.now()
  const clock = handClock(end - forMs)
  const history = await openGpuHistory({
    ...{ file: path.join(data, 'gpus.db'), clock, everyMs: 86_400_000, uptimeMs: () => clock.now() - end + 2 * forMs },
    failed(error) {
      throw error
    },
  })
  for (let at = end - forMs; at < end; at += minute) {
    clock.moveTo(at)
    const ago = end - at
    if (gone && ago < gone.from && ago > gone.to) continue
    const isBusy = at % (60 * minute) > 30 * minute
    const isHot = ago < 60 * minute && isBusy
    const cards = uuids.map((uuid, index) =>
      cardOf({
        ...{ index, uuid, utilizationPct: isBusy ? 90 + (at % 10) : 1, memoryUsedMiB: isBusy ? 20_000 : 800 },
        ...{ temperatureC: isHot ? 91 : 60, powerW: isBusy ? 300 : 25, clockSmMHz: isBusy ? 1695 : 210, fanPct: 40 },
        ...{ slowedBy: isHot ? ['heat'] : [], clockReasons: isHot ? ['heat'] : ['idle'] },
      }),
    )
    history.take(sampleAt(at, ...cards), minute)
  }
  clock.moveTo(end)
  history.close()
}
