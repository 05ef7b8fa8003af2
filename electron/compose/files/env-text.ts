// The characters of an `.env` file. Texts are "binary" strings (one character a byte, as Buffer's latin1), so that other
// bytes survive whatever their encoding; both generations of Compose read them as UTF-8.

export const bom = '\u00ef\u00bb\u00bf'

/** Blanks of Unicode as UTF-8 writes them: no single byte of another letter is taken for one. */
const wideBlank = String.raw`\xc2[\x85\xa0]|\xe1\x9a\x80|\xe2\x80[\x80-\x8a\xa8\xa9\xaf]|\xe2\x81\x9f|\xe3\x80\x80`

/** What Go's and Python's `isspace` call a blank, line ends too. Python counts the separators 0x1c to 0x1f as well. */
export const goBlank = String.raw`(?:[\t\n\v\f\r ]|${wideBlank})`
export const pythonBlank = String.raw`(?:[\t\n\v\f\r\x1c-\x1f ]|${wideBlank})`
export const pythonBlankInLine = String.raw`(?:[\t\v\f\x1c-\x1f ]|${wideBlank})`
/** Blanks within a line, as compose-go counts them around keys and values. */
export const goBlankInLine = String.raw`(?:[\t\v\f\r ]|\xc2[\x85\xa0])`

/** A sticky match at an offset. */
export function matchAt(pattern: RegExp, text: string, offset: number): RegExpExecArray | null {
  pattern.lastIndex = offset
  return pattern.exec(text)
}

export const utf8Of = (binary: string): string => Buffer.from(binary, 'latin1').toString('utf8')
export const binaryOf = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')

/** The line in which an offset lies, from 1. */
export const lineAt = (text: string, offset: number): number => text.slice(0, offset).split('\n').length

export const nextLine = (text: string, from: number): number => {
  const end = text.indexOf('\n', from)
  return end === -1 ? text.length : end + 1
}

/** The text without the blanks at its end, from the end: linear whatever it holds. */
export function trimEndOf(text: string, blank: string): string {
  const last = new RegExp(`${blank}$`)
  let end = text.length
  for (;;) {
    // No blank is longer than three bytes.
    const found = last.exec(text.slice(Math.max(0, end - 3), end))
    if (!found) return text.slice(0, end)
    end -= found[0].length
  }
}
