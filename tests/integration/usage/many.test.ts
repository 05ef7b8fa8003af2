import { expect, it } from 'vitest'
import { openLedger } from '../../../electron/ledger'
import { createCalendar, createReport } from '../../../electron/usage'
import { addDays, daysBetween } from '../../../electron/usage/calendar'
import { handClock } from '../../support/hand-clock'
import { long } from '../../support/long'
import { temporaryFolder } from '../../support/programs'
import { tell } from '../../support/tell'

const today = '2026-11-27'
const services = ['comfyui-qwen', 'forge-neo']

interface Size {
  people: number
  days: number
  /** How many people work on one day. */
  active: number
}

/** A ledger as it is after so long, and how long each question takes the processor, at the median of some, in ms. */
async function asked(folder: string, { people, days, active }: Size) {
  const clock = handClock(Date.UTC(2026, 10, 27, 12))
  const failed = (error: unknown) => {
    throw error
  }
  const ledger = await openLedger({ file: `${folder}/gateway.db`, failed, clock })
  let n = 0
  for (const day of daysBetween(addDays(today, 1 - days), today)) {
    for (let one = 0; one < active; one += 1) {
      n += 1
      const account = `person-${(n * 7919) % people}`
      const to = { account, key: `${account}-key`, service: services[n % 2] ?? '', machine: 'local' }
      ledger.figures.add(day, to, { requests: 40, jobs: 10, images: 20, gpuMs: 300_000 + n, bytesOut: 5e7 })
    }
    // What waits is written.
    if (day.endsWith('0')) ledger.figures.read({ from: today, to: today, by: [] })
  }
  const report = createReport({
    ...{ ledger, calendar: createCalendar('UTC'), now: () => clock.now() },
    names: () => ({ user: (id) => id, key: (id) => id }),
  })
  const questions = {
    'a month by person': () => report.read({ by: 'user' }).rows.length,
    'the same days of the month before': () =>
      report.read({ by: 'user', from: '2026-10-01', to: '2026-10-27' }).rows.length,
    'a month by service': () => report.read({ by: 'service' }).rows.length,
    'a month by key': () => report.read({ by: 'key' }).rows.length,
    'thirteen months by person': () => report.read({ by: 'user', from: '2025-11-01', to: today }).rows.length,
    'one person’s own month': () => report.read({ by: 'service', user: 'person-7' }).rows.length,
  }
  const took = Object.entries(questions).map(([question, ask]) => {
    const times = Array.from({ length: 5 }, () => {
      const before = process.cpuUsage()
      expect(ask()).toBeGreaterThan(0)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    })
    return [question, times.sort((a, b) => a - b)[2] ?? Infinity] as const
  })
  ledger.close()
  return { took, rows: n }
}

it('few people’s figures are told at once', async () => {
  await using folder = await temporaryFolder()
  const { took } = await asked(folder.path, { people: 50, days: 90, active: 20 })
  for (const [question, ms] of took) expect(ms, question).toBeLessThan(100)
})

it('a thousand people’s of thirteen months are told within 100 ms', { ...long, timeout: 300_000 }, async (context) => {
  await using folder = await temporaryFolder()
  const { took, rows } = await asked(folder.path, { people: 1000, days: 395, active: 200 })
  tell(
    context,
    `usage of 1,000 people in 13 months (${rows} rows): ${took.map(([question, ms]) => `${question} ${ms.toFixed(0)} ms`).join(', ')}`,
  )
  for (const [question, ms] of took) expect(ms, question).toBeLessThan(100)
})
