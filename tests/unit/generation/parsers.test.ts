import fc from 'fast-check'
import { deflateSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { decodeCursor, encodeCursor } from '../../../electron/generation/cursor'
import { generationOf } from '../../../electron/generation/images'
import { readPngText } from '../../../electron/generation/png-text'
import { parseSearch } from '../../../electron/generation/search'

const chunk = (type: string, data: Buffer) => {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)])
}
const png = (...chunks: Buffer[]) =>
  Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    ...chunks,
    chunk('IEND', Buffer.alloc(0)),
  ])

describe('readPngText', () => {
  it('reads plain, packed and international text', () => {
    const texts = readPngText(
      png(
        chunk('tEXt', Buffer.from('parameters\0a cat\nSteps: 4')),
        chunk('zTXt', Buffer.concat([Buffer.from('workflow\0\0'), deflateSync(Buffer.from('{"nodes":[]}'))])),
        chunk('iTXt', Buffer.from('prompt\0\0\0\0\0שלום 🦊')),
        chunk('iTXt', Buffer.concat([Buffer.from('packed\0\x01\0fr\0clé\0'), deflateSync(Buffer.from('été'))])),
      ),
    )
    expect(texts).toEqual({ parameters: 'a cat\nSteps: 4', workflow: '{"nodes":[]}', prompt: 'שלום 🦊', packed: 'été' })
  })

  it('reads Latin-1 where the bytes are no UTF-8', () => {
    expect(readPngText(png(chunk('tEXt', Buffer.from('Author\0Andr\xe9', 'latin1'))))).toEqual({ Author: 'André' })
  })

  it('leaves a packed text out that would unpack to more than 4 MiB', () => {
    const bomb = deflateSync(Buffer.alloc(64 * 2 ** 20))
    const file = png(chunk('zTXt', Buffer.concat([Buffer.from('x\0\0'), bomb])), chunk('tEXt', Buffer.from('k\0v')))
    expect(readPngText(file)).toEqual({ k: 'v' })
  })

  it('unpacks no more than 16 MiB of a file, in however many texts it stands', () => {
    const many = (mebibytes: number) => {
      const packed = deflateSync(Buffer.alloc(mebibytes * 2 ** 20, 'x'))
      return Array.from({ length: 60 }, (_, n) => chunk('zTXt', Buffer.concat([Buffer.from(`${n}\0\0`), packed])))
    }
    expect(Object.keys(readPngText(png(...many(3))))).toHaveLength(6)
    // Those that unpack to more are tried four times.
    expect(readPngText(png(...many(5), chunk('tEXt', Buffer.from('k\0v'))))).toEqual({})
  })

  it('does not fall for keywords that are names of object methods', () => {
    const texts = readPngText(png(chunk('tEXt', Buffer.from('__proto__\0x'))))
    expect(Object.getPrototypeOf(texts)).toBe(Object.prototype)
  })

  it('gives what came before a tear, and nothing for other files', () => {
    const file = png(chunk('tEXt', Buffer.from('a\0b')), chunk('tEXt', Buffer.from('c\0d')))
    expect(readPngText(file.subarray(0, 33))).toEqual({ a: 'b' })
    expect(readPngText(Buffer.from('GIF89a'))).toEqual({})
  })

  it('never throws, whatever the bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        expect(() => readPngText(Buffer.concat([png().subarray(0, 8), bytes]))).not.toThrow()
      }),
    )
  })
})

describe('cursors', () => {
  it('come back as they were given', () => {
    const place = fc.record({
      seq: fc.integer({ min: 1, max: 2 ** 50 }),
      value: fc.option(fc.nat(2 ** 31 - 1), { nil: null }),
    })
    fc.assert(
      fc.property(place, (one) => {
        expect(decodeCursor(encodeCursor(one), one.value !== null)).toEqual(one)
        // One of another order would lead anywhere.
        expect(() => decodeCursor(encodeCursor(one), one.value === null)).toThrow()
      }),
    )
  })

  it('are refused when Regie did not give them', () => {
    for (const cursor of ['', '1', 'g', 'g0', 'g-1', "g1' OR 1=1", 'gzzzzzzzzzzzzzzzz', 'G1'])
      expect(() => decodeCursor(cursor, false), cursor).toThrow(
        expect.objectContaining({ id: 'generation.bad-cursor' }) as Error,
      )
  })
})

describe('parseSearch', () => {
  it('asks the index for words of three characters or more, and compares shorter ones', () => {
    expect(parseSearch('red  fox at 灯台')).toEqual({ match: '"red" AND "fox"', patterns: ['%at%', '%灯台%'] })
  })

  it('takes everything that a person types as text', () => {
    expect(parseSearch('"NEAR" OR* 50%').match).toBe('"""NEAR""" AND "OR*" AND "50%"')
    expect(parseSearch('%_')).toEqual({ match: null, patterns: [String.raw`%\%\_%`] })
  })

  it('finds nothing to search for in blanks', () => {
    expect(parseSearch('  \n ')).toEqual({ match: null, patterns: [] })
  })
})

describe('image ids', () => {
  it('belong to a generation', () => {
    expect(generationOf('6f9619ff-8b86-4d01-b42d-00cf4fc964ff-0')).toBe('6f9619ff-8b86-4d01-b42d-00cf4fc964ff')
  })

  it('cannot name a path', () => {
    for (const id of [
      '../../etc/passwd',
      '..',
      'a/b',
      'a\\b',
      '6f9619ff-8b86-4d01-b42d-00cf4fc964ff-0/..',
      '%2e%2e',
      '',
    ])
      expect(generationOf(id), id).toBeNull()
  })
})
