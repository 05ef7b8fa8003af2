// @ts-check
// Loaded into the panel with NODE_OPTIONS=--import: writes its event loop's delay as JSON when it ends.
import { writeFileSync } from 'node:fs'
import { monitorEventLoopDelay } from 'node:perf_hooks'

const file = process.env['REGIE_BENCH_LOOP_FILE']
// The panel's own children inherit the environment; they are not what is measured.
if (file && process.argv[1]?.endsWith('headless.js')) {
  const resolution = 5
  const histogram = monitorEventLoopDelay({ resolution })
  histogram.enable()
  // What stands still before anybody can ask is the start's, which has a measure of its own.
  if (process.platform !== 'win32') process.on('SIGUSR2', () => histogram.reset())
  process.on('exit', () => {
    // The histogram holds the time between two ticks of its timer; the delay is what exceeds the timer's own period.
    const delayMs = (/** @type {number} */ share) => Math.max(0, histogram.percentile(share) / 1e6 - resolution)
    writeFileSync(file, JSON.stringify({ p50: delayMs(50), p99: delayMs(99), max: delayMs(100) }))
  })
}
