import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditional, readRange, type Answer } from '../../../electron/http/conditional'

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
  const answer = (asked: Record<string, string> = {}, headers: Record<string, string> = {}) =>
    conditional(asked, {
      status: 200,
      headers: { etag: '"one"', 'accept-ranges': 'bytes', ...headers },
      body: new File(['0123456789'], 'ten.png', { type: 'image/png' }),
    })
  const textOf = ({ body }: Answer) => (body instanceof File ? body.text() : body)

  it('is cut to the range that was asked for, and keeps its name and type', async () => {
    const { status, headers, body } = answer({ range: 'bytes=2-4' })
    expect([status, headers['content-range'], await (body as File).text()]).toEqual([206, 'bytes 2-4/10', '234'])
    expect(body).toMatchObject({ name: 'ten.png', type: 'image/png', size: 3 })
  })

  it('is whole when it has changed since, when the range cannot be read, and when it has no parts', async () => {
    for (const whole of [
      answer({ range: 'bytes=2-4', 'if-range': '"older"' }),
      answer({ range: 'lines=1-2' }),
      answer({ range: 'bytes=2-4' }, { 'accept-ranges': 'none' }),
    ])
      expect([whole.status, await textOf(whole)]).toEqual([200, '0123456789'])
  })

  it('is not sent again to whoever has it', async () => {
    const known = answer({ 'if-none-match': '"other", W/"one"' })
    expect([known.status, await textOf(known)]).toEqual([304, undefined])
  })

  it('says how long it is where the range lies behind its end', () => {
    const { status, headers, body } = answer({ range: 'bytes=10-' })
    expect([status, headers['content-range'], body]).toEqual([416, 'bytes */10', undefined])
  })
})
