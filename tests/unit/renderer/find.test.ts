import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { distance, fold, nearest, search } from '../../../renderer/ui/find'

const labels = (...all: string[]) => all.map((label) => ({ label }))
const found = (items: readonly { label: string }[], query: string) =>
  search(items, query).found.map(({ item }) => item.label)

const letter = fc.constantFrom(...Array.from('abcdefghijklmnopqrstuvwxyz'))
const word = (minLength: number, maxLength: number) => fc.string({ unit: letter, minLength, maxLength })

/** One slip of the fingers: a letter wrong, missing, doubled, or swapped with the next. */
const slip = (text: string): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom('wrong', 'missing', 'doubled', 'swapped'), fc.nat(text.length - 2), letter)
    .map(([kind, at, other]) => {
      const [a = '', b = ''] = [text[at], text[at + 1]]
      const rest = text.slice(at + 1)
      const put = { wrong: other + rest, missing: rest, doubled: a + a + rest, swapped: b + a + text.slice(at + 2) }
      return text.slice(0, at) + put[kind]
    })

describe('finding by name', () => {
  it('finds what has all words, in any order, whatever their case and accents', () => {
    const items = labels('Start forge-turbo', 'Stop forge-turbo', 'Réglages')
    expect(found(items, 'TURBO start')).toEqual(['Start forge-turbo'])
    expect(found(items, 'reglages')).toEqual(['Réglages'])
    expect(found(items, '')).toHaveLength(3)
  })

  it('marks what was found where it stands', () => {
    const [hit] = search(labels('Démarrer forge-turbo'), 'turbo demarrer').found
    expect(hit?.marks.map(([from, to]) => 'Démarrer forge-turbo'.slice(from, to))).toEqual(['Démarrer', 'turbo'])
  })

  it('puts the beginning of a word before its inside, and a name before what is known beside it', () => {
    const items = [{ label: 'xturbo' }, { label: 'forge-turbo' }, { label: 'turbo' }, { label: 'a', words: 'turbo' }]
    const byScore = search(items, 'turbo').found.toSorted((a, b) => a.score - b.score)
    expect(byScore.map(({ item }) => item.label)).toEqual(['turbo', 'forge-turbo', 'xturbo', 'a'])
  })

  it('understands a slip only where nothing is called as was typed, and says what it understood', () => {
    const items = labels('Start forge-turbo', 'Start trubo')
    expect(found(items, 'trubo')).toEqual(['Start trubo'])
    expect(search(labels('Start forge-turbo'), 'trubo')).toMatchObject({ understood: 'turbo' })
    expect(search(labels('Start forge-turbo'), 'turbo').understood).toBeNull()
  })

  it('forgives one slip in words of four to seven letters', () => {
    fc.assert(
      fc.property(
        word(4, 7).chain((text) => fc.tuple(fc.constant(text), slip(text))),
        ([text, typed]) => {
          fc.pre(typed.length >= 4)
          expect(found(labels(`Start ${text}`), typed)).toHaveLength(1)
        },
      ),
    )
  })

  it('forgives two slips, apart from each other, from eight letters on', () => {
    const half = word(5, 7).chain((text) => fc.tuple(fc.constant(text), slip(text)))
    fc.assert(
      fc.property(half, half, ([a, typedA], [b, typedB]) => {
        expect(found(labels(`Start ${a}${b}`), typedA + typedB)).toHaveLength(1)
      }),
    )
  })

  it('forgives nothing in shorter words, and no more than that in longer ones', () => {
    expect(found(labels('gpu'), 'gpx')).toEqual([])
    expect(found(labels('turbo'), 'tarba')).toEqual([])
    expect(found(labels('workstation'), 'wxrkxtatxon')).toEqual([])
  })

  it('names the nearest where nothing is found', () => {
    const items = labels('Start all', 'Lock now', 'Keyboard shortcuts', 'Leak scan')
    expect(nearest(items, 'keybxxrd', 2).map(({ label }) => label)[0]).toBe('Keyboard shortcuts')
    expect(nearest(items, 'zzzz', 3)).toHaveLength(3)
  })
})

describe('comparing', () => {
  it('keeps every letter at its place', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fold(text)).toHaveLength(text.length)
      }),
    )
  })

  it('is the same both ways, nothing for the same, and never below the difference in length', () => {
    fc.assert(
      fc.property(word(0, 8), word(0, 8), (a, b) => {
        expect(distance(a, b, 20)).toBe(distance(b, a, 20))
        expect(distance(a, a, 0)).toBe(0)
        expect(distance(a, b, 20)).toBeGreaterThanOrEqual(Math.abs(a.length - b.length))
        expect(Math.min(2, distance(a, b, 1))).toBe(Math.min(2, distance(a, b, 20)))
      }),
    )
  })
})
