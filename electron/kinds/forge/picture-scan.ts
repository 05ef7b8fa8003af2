/** Where a picture's base64 stands in an answer: from the first character to behind the last. */
export interface PictureRange {
  from: number
  to: number
}

const quote = 0x22
const backslash = 0x5c
const opening = new Set([0x7b, 0x5b])
const closing = new Set([0x7d, 0x5d])
/** `images`, the key of the pictures. */
const wanted = 'images'

/** Texts other than pictures that are kept of an answer, in bytes. */
const restLimit = 4 * 2 ** 20
/** A job has eight. */
const mostPictures = 10_000

/** Copies of bytes, up to `restLimit`. */
function createRest() {
  const pieces: Buffer[] = []
  let length = 0
  return {
    keep(bytes: Buffer) {
      length += bytes.length
      if (bytes.length > 0 && length <= restLimit) pieces.push(Buffer.from(bytes))
    },
    isTooMuch: () => length > restLimit,
    all: (): Buffer => Buffer.concat(pieces),
  }
}

/** How deep in the JSON the reader is, and whether among the pictures. */
function createNesting() {
  let depth = 0
  let isInPictures = false
  /** The last text of the outermost object, no more of it than tells it from `images`. */
  let key = ''
  return {
    isInPictures: () => isInPictures && depth === 2,
    beginText() {
      if (depth === 1) key = ''
    },
    addText(text: Buffer) {
      if (depth === 1) key += text.toString('latin1', 0, wanted.length + 1 - key.length)
    },
    /** A byte outside of texts. */
    meet(byte: number) {
      if (opening.has(byte)) {
        if (depth === 1) isInPictures = byte === 0x5b && key === wanted
        depth += 1
      } else if (closing.has(byte)) {
        depth -= 1
        if (depth <= 1) isInPictures = false
      }
    },
  }
}

/**
 * Where the run of plain characters of a text ends, at a quote or a backslash: found natively, for a picture is a text of
 * a million characters. Each mark is looked for again only behind the last one.
 */
function createTextEnd(chunk: Buffer) {
  const after = (mark: number) => {
    let next = -1
    return (from: number): number => {
      if (next < from) next = chunk.indexOf(mark, from)
      if (next < 0) next = chunk.length
      return next
    }
  }
  const [nextQuote, nextBackslash] = [after(quote), after(backslash)]
  return (from: number) => Math.min(nextQuote(from), nextBackslash(from))
}

/**
 * Reads the JSON of `txt2img` as it comes, and finds where the pictures in it stand, without keeping any of them:
 * `rest()` is the same JSON with empty texts in their places. It checks nothing else: what is no JSON stays none.
 */
export function createPictureScan() {
  const pictures: PictureRange[] = []
  const rest = createRest()
  const nesting = createNesting()
  const isPicture = () => nesting.isInPictures()
  let at = 0
  let isInText = false
  let isEscaped = false
  let start = 0

  /** Notes where texts begin and end; `keep` is called for each run of bytes that is no picture. */
  function scan(chunk: Buffer, keep: (from: number, to: number) => void): void {
    const textEnd = createTextEnd(chunk)
    let kept = 0
    for (let i = 0; i < chunk.length; i += 1) {
      if (isInText && !isEscaped) {
        const end = textEnd(i)
        nesting.addText(chunk.subarray(i, end))
        i = end
        if (i === chunk.length) break
      }
      const byte = chunk[i] ?? 0
      if (isInText) {
        if (isEscaped) isEscaped = false
        else if (byte === backslash) isEscaped = true
        else {
          isInText = false
          if (isPicture()) {
            pictures.push({ from: start, to: at + i })
            kept = i
          }
        }
      } else if (byte === quote) {
        isInText = true
        start = at + i + 1
        nesting.beginText()
        if (isPicture()) {
          keep(kept, i + 1)
          kept = chunk.length
        }
      } else nesting.meet(byte)
    }
    if (!(isInText && isPicture())) keep(kept, chunk.length)
  }

  return {
    pictures,
    /** False once there is more beside the pictures than anybody sends. */
    push(chunk: Buffer): boolean {
      scan(chunk, (from, to) => rest.keep(chunk.subarray(from, to)))
      at += chunk.length
      return !rest.isTooMuch() && pictures.length <= mostPictures
    },
    rest: rest.all,
  }
}
