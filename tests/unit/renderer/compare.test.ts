import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { compared, marked } from '../../../renderer/features/gallery/compare/differences'
import type { Generation } from '../../../shared/contract'

const generation = (params: Generation['params']) => ({ params }) as Generation // nothing else is compared

describe('what differs between two results', () => {
  it('is told apart from what is the same, and what neither has is left out', () => {
    const a = generation({ prompt: 'a fox', seed: 1, steps: 20, cfg: 4, width: 64, height: 64, checkpoint: 'x' })
    const b = generation({ prompt: 'a fox', seed: 1, steps: 8, width: 64, height: 64, checkpoint: 'y' })
    const { different, same } = compared(a, b)
    expect(different.map((line) => [line.name, line.a, line.b])).toEqual([
      ['model', 'x', 'y'],
      ['steps', '20', '8'],
      ['cfg', '4', ''],
    ])
    expect(same.map(({ name }) => name)).toEqual(['seed', 'size', 'prompt'])
  })

  it('is marked word by word in prompts', () => {
    const own = (pieces: { text: string; isOwn: boolean }[]) =>
      pieces.filter(({ isOwn }) => isOwn).map(({ text }) => text.trim())
    const { a, b } = marked('a red fox in deep snow', 'a fox in the snow')
    expect([own(a), own(b)]).toEqual([['red', 'deep'], ['the']])
  })

  it('loses no word, and marks nothing of what is equal', () => {
    const text = fc.array(fc.constantFrom('a', 'fox', 'in', 'snow', 'deep'), { maxLength: 20 }).map((w) => w.join(' '))
    fc.assert(
      fc.property(text, text, (one, other) => {
        const { a, b } = marked(one, other)
        expect(a.map((piece) => piece.text).join('')).toBe(one)
        expect(b.map((piece) => piece.text).join('')).toBe(other)
        const common = (pieces: typeof a) => pieces.filter(({ isOwn }) => !isOwn).map((piece) => piece.text.trim())
        expect(common(a)).toEqual(common(b))
        expect(marked(one, one).a.some(({ isOwn }) => isOwn)).toBe(false)
      }),
    )
    expect(marked('x '.repeat(500), 'y').a).toEqual([{ text: 'x '.repeat(500), isOwn: true }])
  })
})
