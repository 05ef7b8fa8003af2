import { describe, expect, it } from 'vitest'
import { parseJson } from '../../../electron/backends/json'

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
})
