import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  canStandInEnv,
  parseEnv,
  readEnvValue,
  setEnvValue,
  UnterminatedQuote,
} from '../../../../electron/compose/files/dotenv'

const hash = '$2b$12$IvAbCdEfGhIjKlMnOpQrStUvWxYz0123456789./ABCDEFGHIJKLM'

describe('reading an .env file by Compose’s rules', () => {
  // Rows of the table in Compose's two generations: what is written, what version 1 and version 2 deliver.
  it.each([
    ['TOK=$2b$12$Iv.abc', '$2b$12$Iv.abc', '$2b$12.abc'],
    ["TOK='$2b$12$Iv.abc'", '$2b$12$Iv.abc', '$2b$12$Iv.abc'],
    ['TOK="$2b$12$Iv.abc"', '$2b$12$Iv.abc', '$2b$12.abc'],
    ['TOK=$$2b$$12$$Iv.abc', '$$2b$$12$$Iv.abc', '$2b$12$Iv.abc'],
    ['TOK=\\$2b\\$12\\$Iv.abc', '\\$2b\\$12\\$Iv.abc', '\\$2b\\$12\\.abc'],
    ['TOK="\\$2b\\$12\\$Iv.abc"', '\\$2b\\$12\\$Iv.abc', '$2b$12$Iv.abc'],
    ['TOK=plain # comment', 'plain', 'plain'],
    ['TOK=a#b', 'a#b', 'a#b'],
    ['export TOK = spaced ', 'spaced', 'spaced'],
    ['\u00ef\u00bb\u00bfTOK=x', 'x', 'x'],
    ['TOK=old\nTOK=new', 'new', 'new'],
    ['A=one\nTOK=${A}-$A-${B:-two}', 'one-$A-two', 'one-one-two'],
    ['TOK=x\t# behind a tab', 'x', 'x\t# behind a tab'],
    ['TOK="x" Y=2', null, 'x'],
    ['TOK=a${', 'a${', null],
    ['TOK: x', null, 'x'],
    ['TOK=Rook${9fort', 'Rook${9fort', null],
    ['TOK="\\0101\\q\\""', '\\0101\\q"', 'A\\q"'],
    ['TOK=\u00c3\u00a0\u00c2\u00a0', '\u00c3\u00a0', '\u00c3\u00a0'],
    ["TOK='Let\\'s'", "Let's", "Let's"],
    ['TOK="a\\nb"', 'a\nb', 'a\nb'],
    ['TOK=x\r\n', 'x', 'x'],
    ["TOK='two\nlines'", 'two\nlines', 'two\nlines'],
  ])('%j', (text, compose1, compose2) => {
    expect(readEnvValue(text, 'TOK')).toEqual({ compose1, compose2 })
  })

  it('knows no value for a key that only inherits, or that stands in a comment', () => {
    expect(readEnvValue('TOK\n', 'TOK')).toBeNull()
    expect(readEnvValue('# TOK=x\n', 'TOK')).toBeNull()
  })

  it('refuses a quote that is never closed, and names its line', () => {
    expect(() => parseEnv('A=1\nB="open\nC=2\n')).toThrow(UnterminatedQuote)
    expect(() => parseEnv('A=1\nB="open\nC=2\n')).toThrow('line 2')
  })
})

describe('setting a key', () => {
  it('changes only its value: comments, order, quoting and line ends of the others stay', () => {
    const before = '# head\r\nA="1"  # one\r\n\r\nexport TOK=old  # keep me\r\nB=\'2\'\r\nC=$X\n'

    const after = setEnvValue(before, 'TOK', hash)

    expect(after).toBe(`# head\r\nA="1"  # one\r\n\r\nexport TOK='${hash}'  # keep me\nB='2'\r\nC=$X\n`)
  })

  it('appends an absent key on a line of its own', () => {
    expect(setEnvValue('', 'TOK', 'x')).toBe("TOK='x'\n")
    expect(setEnvValue('A=1', 'TOK', 'x')).toBe("A=1\nTOK='x'\n")
    expect(setEnvValue('A=1\n', 'TOK', 'x')).toBe("A=1\nTOK='x'\n")
  })

  it('replaces every duplicate, so that no old secret stays behind', () => {
    expect(setEnvValue('TOK=a\nX=1\nTOK="b\nc"\n', 'TOK', 'x')).toBe("TOK='x'\nX=1\nTOK='x'\n")
  })

  it('does not take another key, a comment or a value for it', () => {
    const before = 'TOK2=a\nMY_TOK=b\n#TOK=c\nX="\nTOK=inside\n"\n'

    expect(setEnvValue(before, 'TOK', 'x')).toBe(`${before}TOK='x'\n`)
  })

  it('gives a value to a key that stands alone, and takes the byte order mark away', () => {
    expect(setEnvValue('\u00ef\u00bb\u00bfTOK\r\nA=1\r\n', 'TOK', 'x')).toBe("TOK='x'\nA=1\r\n")
  })

  it('keeps bytes of any encoding', () => {
    const before = Buffer.from([0x41, 0x3d, 0xe9, 0xff, 0x0a]).toString('latin1')

    expect(Buffer.from(setEnvValue(before, 'T', 'x'), 'latin1').subarray(0, 5)).toEqual(Buffer.from(before, 'latin1'))
  })

  it('reads back in both generations, and leaves every other key as it was, for any file and any value', () => {
    const value = fc.string({ unit: 'binary-ascii' }).filter(canStandInEnv)
    const line = fc.oneof(
      fc.constantFrom(
        '# a comment',
        '',
        'A=1',
        "B='two words'",
        'C="three # x"',
        'export D=$A',
        'TOK=old',
        'TOK="o"',
        'E',
      ),
      fc
        .stringMatching(/^[A-Z]{4}=[ -&(-~]{0,12}$/)
        .filter((text) => !text.startsWith('TOK=') && !/=\s*["']/.test(text)),
    )
    const end = fc.constantFrom('\n', '\r\n')
    const file = fc.array(fc.tuple(line, end)).map((lines) => lines.map((parts) => parts.join('')).join(''))
    fc.assert(
      fc.property(file, value, (text, wanted) => {
        const after = setEnvValue(text, 'TOK', wanted)
        expect(readEnvValue(after, 'TOK')).toEqual({
          compose1: wanted,
          compose2: wanted,
        })
        const others = (from: string) =>
          parseEnv(from)
            .filter(({ key }) => key !== 'TOK')
            .map(({ key, raw, quote }) => ({ key, raw, quote }))
        expect(others(after)).toEqual(others(text))
        expect(setEnvValue(after, 'TOK', wanted)).toBe(after)
      }),
    )
  })

  it('knows which values cannot stand there', () => {
    expect(canStandInEnv(hash)).toBe(true)
    for (const bad of ["it's", 'back\\slash', 'two\nlines']) expect(canStandInEnv(bad)).toBe(false)
  })
})
