import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createMatcher } from '../../../electron/leaks/matcher'
import { Scanner } from '../../../electron/leaks/scanner'

/** What the matcher promises, in the plainest way: the longest at the leftmost place, then on behind its end. */
function naively(text: string, patterns: readonly string[]): [number, number][] {
  const found: [number, number][] = []
  for (let at = 0; at < text.length;) {
    const here = patterns
      .map((pattern, number) => ({ pattern, number }))
      .filter(({ pattern }) => text.startsWith(pattern, at))
      .sort((a, b) => b.pattern.length - a.pattern.length)
    const [longest] = here
    if (longest) found.push([longest.number, at])
    at += longest?.pattern.length ?? 1
  }
  return found
}

const bytes = (text: string) => Buffer.from(text, 'latin1')

/** Few letters, so that patterns occur, overlap and contain one another. */
const letters = (minLength: number, maxLength: number) =>
  fc.string({ unit: fc.constantFrom('a', 'b', '\n', '\0'), minLength, maxLength })

describe('the search for many patterns', () => {
  it('finds what a naive search finds', () => {
    fc.assert(
      fc.property(fc.uniqueArray(letters(2, 9), { minLength: 1, maxLength: 8 }), letters(0, 300), (patterns, text) => {
        const found: [number, number][] = []
        createMatcher(patterns.map(bytes)).scan(bytes(text), 0, text.length, true, (...match) => found.push(match))

        expect(found).toEqual(naively(text, patterns))
      }),
      { numRuns: 500 },
    )
  })

  it('finds the same, on the same lines, however the text is cut', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), minLength: 2, maxLength: 9 }), {
          minLength: 1,
          maxLength: 8,
        }),
        fc.array(fc.string({ unit: fc.constantFrom('a', 'b', '\n'), maxLength: 40 }), { maxLength: 20 }),
        fc.integer({ min: 1, max: 32 }),
        (patterns, pieces, room) => {
          const text = pieces.join('')
          const scanner = new Scanner(createMatcher(patterns.map(bytes)), room)

          for (const piece of pieces) scanner.push(bytes(piece))
          const found = new Map(scanner.end().map(({ pattern, ...rest }) => [pattern, rest]))

          const expected = new Map<number, { count: number; lines: number[] }>()
          for (const [pattern, at] of naively(text, patterns)) {
            const match = expected.get(pattern) ?? { count: 0, lines: [] }
            const line = text.slice(0, at).split('\n').length
            if (match.lines.length < 10 && match.lines.at(-1) !== line) match.lines.push(line)
            expected.set(pattern, { ...match, count: match.count + 1 })
          }
          expect(found).toEqual(expected)
        },
      ),
      { numRuns: 500 },
    )
  })

  it('counts the lines of UTF-16 text, across pieces of any length', () => {
    const text = Buffer.concat([
      Buffer.from([0xff, 0xfe]),
      Buffer.from('one\ntwo \u0a00 no line end\nthree the-secret\n', 'utf16le'),
    ])
    for (let room = 1; room < 40; room++) {
      const scanner = new Scanner(createMatcher([Buffer.from('the-secret', 'utf16le')]), room)
      scanner.push(text)
      expect(scanner.end()).toEqual([{ pattern: 0, count: 1, lines: [3] }])
    }
  })

  it('tells no line in a binary, and begins anew with the next text', () => {
    const scanner = new Scanner(createMatcher([bytes('the-secret')]))

    scanner.push(bytes('\0\n\nthe-secret'))
    const inBinary = scanner.end()
    scanner.push(bytes('\nthe-secret the-secret'))
    const inText = scanner.end()

    expect(inBinary).toEqual([{ pattern: 0, count: 1, lines: [] }])
    expect(inText).toEqual([{ pattern: 0, count: 2, lines: [2] }])
    expect(scanner.end()).toEqual([])
  })

  it('refuses patterns that it could not search', () => {
    expect(() => createMatcher([])).toThrow()
    expect(() => createMatcher([bytes('x')])).toThrow()
  })
})
