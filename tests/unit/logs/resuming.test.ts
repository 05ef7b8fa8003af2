import { expect, it } from 'vitest'
import { Ring, type NewLine } from '../../../electron/logs/ring'

const line = (text: string, replaces = false): NewLine => ({ at: 1, stream: 'stdout', level: 'info', text, replaces })

it('a log that is gone on with tells again what became of a progress bar, and no other line', async () => {
  const ring = new Ring({ lines: 100, characters: 10_000 })
  ring.add([line('loading'), line('10 %')])
  ring.add([line('90 %', true), line('done')])
  const stop = new AbortController()
  const told: string[] = []
  for await (const lines of ring.follow(2, stop.signal, { isResumed: true })) {
    told.push(...lines.map(({ seq, text }) => `${seq} ${text}`))
    if (told.includes('2 done')) stop.abort()
  }

  expect(told).toEqual(['1 90 %', '2 done'])
})
