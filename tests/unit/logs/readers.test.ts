import { afterEach, expect, test } from 'vitest'
import { createLog } from '../../../electron/logs/log'
import { watchLogs } from '../../../electron/logs/readers'

const warnings: Error[] = []
const hear = (warning: Error) => void warnings.push(warning)
afterEach(() => void process.off('warning', hear))

test('many logs are followed as one without node taking what listens for a leak', async () => {
  process.on('warning', hear)
  const logs = Array.from({ length: 12 }, (_, n) => ({ id: `log-${n}`, log: createLog({ redact: (text) => text }) }))
  const leaving = new AbortController()
  const told = new Set<string>()
  const events = watchLogs(logs, 10, leaving.signal)
  // Where each can come from is told first; then all wait.
  while (told.size < logs.length) {
    const { value } = await events.next()
    if (value) told.add(value.service)
  }
  const waiting = events.next()
  await new Promise(setImmediate)
  logs[11]?.log.panel('one line')
  expect((await waiting).value).toMatchObject({ type: 'lines', service: 'log-11' })
  leaving.abort()
  expect((await events.next()).done).toBe(true)
  expect(warnings).toEqual([])
})
