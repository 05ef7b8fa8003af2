import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../electron/kinds/json'

describe('parseJson', () => {
  it('reads NaN and infinities, which Python writes bare, as null', () => {
    expect(parseJson('{"is_changed": [NaN], "a": -Infinity, "b": Infinity}')).toEqual({
      is_changed: [null],
      a: null,
      b: null,
    })
  })

  it('leaves the same words alone inside strings', () => {
    expect(parseJson(String.raw`{"text": "NaN \" Infinity", "x": NaN}`)).toEqual({ text: 'NaN " Infinity', x: null })
  })

  it('answers undefined for what is not JSON', () => {
    expect(parseJson('')).toBeUndefined()
    expect(parseJson('<html>NaN</html>')).toBeUndefined()
  })

  it('reads any value with such words put in, as if they were null', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom('NaN', 'Infinity', '-Infinity'), (value, word) => {
        const text = JSON.stringify([value, '@@', `${word}"\\`, value])
        expect(parseJson(text.replace('"@@"', word))).toEqual(JSON.parse(text.replace('"@@"', 'null')))
      }),
    )
  })

  it.each([
    ['quotes that nobody closes', 'NaN' + '"\\"'.repeat(400_000)],
    ['backslashes without an end', `NaN"${'\\'.repeat(1_000_000)}`],
    ['many words', '[' + 'NaN,'.repeat(300_000)],
    ['deep nesting', 'NaN' + '['.repeat(1_000_000)],
  ])('takes no longer than the text is long: %s', (_, text) => {
    const begun = performance.now()
    expect(parseJson(text)).toBeUndefined()
    // A megabyte takes some tens of milliseconds; what grows with the square of the length takes minutes.
    expect(performance.now() - begun).toBeLessThan(2_000)
  })
})
