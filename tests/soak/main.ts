import { parseArgs } from 'node:util'
import { setTimeout as pause } from 'node:timers/promises'
import { usageOf } from '../bench/process-usage'
import { startHeadless } from '../support/headless'
import { prepare, useAsPeopleDo, type Done } from './load'
import { growth, type Sample } from './slope'

const usage = `npm run soak -- [options]
  --minutes <n>  how long (20)
  --load <n>     how many times the usual load (10)
`

/** Memory may grow by this share from the end of the beginning to the end. */
const mostGrowth = 0.05

/** How long the beginning is, in which caches fill: 5 minutes, or a quarter of a short run. */
const beginningMs = (minutes: number) => Math.min(5, minutes / 4) * 60_000

/** A question that waits for longer is a stall, in ms. */
const stallMs = 1000
const askEveryMs = 100
const sampleEveryMs = 2000

export interface Soaked {
  done: Done
  /** By how much memory grew after the beginning, as a share. */
  growth: number
  rssMiB: { first: number; last: number; most: number }
  stalls: number
  slowestMs: number
}

/** Uses a panel for so long and watches its memory, and whether it answers. */
export async function soak({ minutes, load }: { minutes: number; load: number }): Promise<Soaked> {
  const panel = await startHeadless()
  const end = new AbortController()
  const samples: Sample[] = []
  let [stalls, slowestMs] = [0, 0]
  const until = (everyMs: number, act: () => Promise<void>) =>
    (async () => {
      while (!end.signal.aborted) {
        await act()
        await pause(everyMs, undefined, { signal: end.signal }).catch(() => undefined)
      }
    })()
  try {
    const prepared = await prepare(panel)
    const startedAt = performance.now()
    const used = useAsPeopleDo(panel, prepared, load, end.signal)
    const watched = [
      until(sampleEveryMs, async () => {
        const { rssMiB } = await usageOf(panel.pid)
        samples.push({ atMs: performance.now() - startedAt, rssMiB })
      }),
      until(askEveryMs, async () => {
        const askedAt = performance.now()
        await (await fetch(`${panel.url}/api/v1/health`)).json()
        const tookMs = performance.now() - askedAt
        slowestMs = Math.max(slowestMs, tookMs)
        if (tookMs > stallMs) stalls += 1
      }),
    ]
    const over = pause(minutes * 60_000, undefined, { signal: end.signal }).then(() => end.abort())
    // Whatever fails first ends the rest.
    await Promise.race([over, used, ...watched])
    end.abort()
    const done = await used
    await Promise.all(watched)
    const later = samples.filter(({ atMs }) => atMs >= beginningMs(minutes))
    const rss = samples.map(({ rssMiB }) => rssMiB)
    return {
      ...{ done, growth: growth(later), stalls, slowestMs },
      rssMiB: { first: later[0]?.rssMiB ?? 0, last: rss.at(-1) ?? 0, most: Math.max(...rss) },
    }
  } finally {
    end.abort()
    await panel.stop()
  }
}

/** `npm run soak`. Resolves with whether the panel held. */
export async function runSoak(args: string[]): Promise<boolean> {
  const { values } = parseArgs({
    args,
    options: {
      minutes: { type: 'string', default: '20' },
      load: { type: 'string', default: '10' },
      help: { type: 'boolean' },
    },
  })
  const [minutes, load] = [Number(values.minutes), Number(values.load)]
  if (values.help === true || !(minutes > 0) || !(load > 0)) {
    console.log(usage)
    return values.help === true
  }
  const { done, growth, rssMiB, stalls, slowestMs } = await soak({ minutes, load })
  const mib = (value: number) => `${value.toFixed(1)} MiB`
  console.log(
    `${minutes} minutes at ${load} times the load: ${done.generations} generations, ${done.rotations} rotations, ` +
      `${done.questions} questions, ${done.requests} requests through the gateway, ${done.events} pieces of events`,
  )
  console.log(
    `Memory ${mib(rssMiB.first)} after the beginning, ${mib(rssMiB.last)} at the end, ${mib(rssMiB.most)} at most`,
  )
  console.log(`It grew by ${(growth * 100).toFixed(1)} % (at most ${mostGrowth * 100} %)`)
  console.log(`${stalls} answers took more than ${stallMs} ms; the slowest took ${slowestMs.toFixed(0)} ms`)
  for (const [what, times] of done.failed) console.log(`failed ${times} times: ${what}`)
  return growth <= mostGrowth && stalls === 0 && done.failed.size === 0
}
