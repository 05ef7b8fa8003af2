import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditional, readRange } from '../../../electron/http/conditional'

describe('a range', () => {
  it.each([
    ['bytes=0-3', { from: 0, to: 3 }],
    ['bytes=4-', { from: 4, to: 9 }],
    ['bytes=-3', { from: 7, to: 9 }],
    ['bytes=-30', { from: 0, to: 9 }],
    ['bytes=5-500', { from: 5, to: 9 }],
    ['bytes=10-', 'unsatisfiable'],
    ['bytes=-0', 'unsatisfiable'],
    ['bytes=4-3', null],
    ['bytes=-', null],
    ['bytes=0-1,3-4', null],
    ['items=0-1', null],
  ])('%s of ten bytes', (header, expected) => {
    expect(readRange(header, 10)).toEqual(expected)
  })

  it('never leaves what is there', () => {
    fc.assert(
      fc.property(fc.nat(50), fc.option(fc.nat(60)), fc.option(fc.nat(60)), (length, from, to) => {
        const range = readRange(`bytes=${from ?? ''}-${to ?? ''}`, length)
        if (range === null || range === 'unsatisfiable') return
        expect(range.from).toBeGreaterThanOrEqual(0)
        expect(range.to).toBeGreaterThanOrEqual(range.from)
        expect(range.to).toBeLessThan(length)
      }),
    )
  })
})

describe('an answer', () => {
  const answer = (headers: Record<string, string> = {}) =>
    conditional(
      new Request('http://127.0.0.1/', { headers }),
      new Response('0123456789', { headers: { etag: '"one"', 'accept-ranges': 'bytes' } }),
    )

  it('is cut to the range that was asked for', async () => {
    const response = await answer({ range: 'bytes=2-4' })
    expect([response.status, response.headers.get('content-range'), await response.text()]).toEqual([
      206,
      'bytes 2-4/10',
      '234',
    ])
  })

  it('is whole when it has changed since, or when the range cannot be read', async () => {
    for (const headers of [{ range: 'bytes=2-4', 'if-range': '"older"' }, { range: 'lines=1-2' }]) {
      const response = await answer(headers)
      expect([response.status, await response.text()]).toEqual([200, '0123456789'])
    }
  })

  it('is not sent again to whoever has it', async () => {
    const response = await answer({ 'if-none-match': '"other", W/"one"' })
    expect([response.status, await response.text()]).toEqual([304, ''])
  })

  it('says how long it is where the range lies behind its end', async () => {
    const response = await answer({ range: 'bytes=10-' })
    expect([response.status, response.headers.get('content-range')]).toEqual([416, 'bytes */10'])
  })
})
