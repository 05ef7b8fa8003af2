import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import * as z from 'zod'
import { budgets } from './budgets'
import type { Measure } from './measure'

const LoopDelay = z.object({ p50: z.number(), p99: z.number(), max: z.number() })

/** What makes a headless panel note the delays of its event loop in `folder` when it ends, and who reads them then. */
export function watchLoop(folder: string) {
  const file = path.join(folder, 'loop.json')
  const monitor = pathToFileURL(path.join(import.meta.dirname, 'loop-delay.mjs')).href
  return {
    env: { NODE_OPTIONS: `--import=${monitor}`, REGIE_BENCH_LOOP_FILE: file },
    /** Leaves out what was before: the start, where nobody can ask yet. Nothing is left out on Windows. */
    begin(pid: number): void {
      if (process.platform !== 'win32') process.kill(pid, 'SIGUSR2')
    },
    /** After the panel has ended. `during` completes "Event loop delay of the panel …". */
    async measures(during: string, note: string): Promise<Measure[]> {
      const delay = LoopDelay.parse(JSON.parse(await readFile(file, 'utf8')))
      return [
        {
          what: `Event loop delay of the panel ${during}, p99`,
          value: delay.p99,
          unit: 'ms',
          budget: budgets.loopDelayMs,
          note: `${note}; median ${delay.p50.toFixed(1)} ms`,
        },
        {
          what: `Longest stall of the panel ${during}`,
          value: delay.max,
          unit: 'ms',
          budget: budgets.longestStallMs,
          note: 'by the clock',
        },
      ]
    },
  }
}
