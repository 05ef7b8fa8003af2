import { StringDecoder } from 'node:string_decoder'
import type { CutPlaces } from '../../logs/cutting'
import { LineCutter, maxLine, type OutputLine } from '../../logs/lines'
import { createDemultiplexer, type Piece } from './frames'
import { createTimestampReader, longestTimestamp, type EngineTime, type TimestampReader } from './timestamps'

/** A line of a container's output, with the engine's own time of it. */
export interface EngineLine extends OutputLine {
  stream: 'stdout' | 'stderr'
  /** Null where the engine gave none. */
  time: EngineTime | null
}

/** In Unix ms; now where the engine gave none. */
export const timeOf = (line: EngineLine): number => line.time?.at ?? Date.now()

export interface ParsedLog {
  lines: EngineLine[]
  /** What the engine said instead of going on. */
  error: string | null
}

/** The engine cuts lines at this many bytes and puts a timestamp before each part. */
const engineCut = 16 * 1024
const timestampInside = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) /g

/** The lines of one stream: one line buffer and one decoder. */
function createStreamLines(stream: EngineLine['stream'], readTime: TimestampReader, places: CutPlaces) {
  const decoder = new StringDecoder('utf8')
  const cutter = new LineCutter(places)
  /** What may still turn out to be a timestamp; null when the frame's has been read. */
  let head: Buffer | null = null
  let time: EngineTime | null = null
  /** Of a raw stream, what has no line end yet. */
  let unended = ''

  const timed = (lines: OutputLine[]): EngineLine[] => lines.map((line) => ({ ...line, stream, time }))

  /** One line of a raw stream, with its end. Of a long one the parts have timestamps of their own. */
  const pushRawLine = (line: string): EngineLine[] => {
    const blank = line.indexOf(' ')
    const read = blank > 0 && blank <= longestTimestamp ? readTime(line.slice(0, blank)) : null
    time = read ?? time
    let said = read ? line.slice(blank + 1) : line
    if (said.length > engineCut / 4) said = said.replaceAll(timestampInside, '')
    return timed(cutter.push(said))
  }

  return {
    pushFramed({ bytes, begins }: Pick<Piece, 'bytes' | 'begins'>): EngineLine[] {
      // By bytes: a character that the engine split over two frames has the second's timestamp in its middle.
      if (begins) head = Buffer.alloc(0)
      if (!head) return timed(cutter.push(decoder.write(bytes)))
      const whole = head.length > 0 ? Buffer.concat([head, bytes]) : bytes
      const blank = whole.indexOf(0x20)
      if (blank < 0 && whole.length <= longestTimestamp) {
        head = whole
        return []
      }
      const read = blank < 0 || blank > longestTimestamp ? null : readTime(whole.toString('latin1', 0, blank))
      head = null
      time = read ?? time
      return timed(cutter.push(decoder.write(read ? whole.subarray(blank + 1) : whole)))
    },
    pushRaw(bytes: Buffer): EngineLine[] {
      const lines: EngineLine[] = []
      let rest = unended + decoder.write(bytes)
      for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
        lines.push(...pushRawLine(rest.slice(0, end + 1)))
        rest = rest.slice(end + 1)
      }
      if (rest.length > 2 * maxLine) {
        lines.push(...pushRawLine(rest))
        rest = ''
      }
      unended = rest
      return lines
    },
    end(): EngineLine[] {
      const raw = unended === '' ? [] : pushRawLine(unended)
      return [...raw, ...timed([...cutter.push((head?.toString('utf8') ?? '') + decoder.end()), ...cutter.end()])]
    },
  }
}

/**
 * Turns the bytes of `GET /containers/{id}/logs?timestamps=1` into lines, however they are cut into chunks. `places`
 * says where a line that grows too long may be cut.
 */
export function createLogParser(options: { tty: boolean }, places: CutPlaces) {
  const demultiplexer = createDemultiplexer(options)
  const readTime = createTimestampReader()
  const stdout = createStreamLines('stdout', readTime, places)
  const stderr = createStreamLines('stderr', readTime, places)
  let error: Buffer[] = []

  return {
    push(chunk: Buffer): ParsedLog {
      const lines: EngineLine[] = []
      for (const piece of demultiplexer.push(chunk)) {
        if (piece.stream === 'error') error.push(piece.bytes)
        else if (piece.stream === 'raw') lines.push(...stdout.pushRaw(piece.bytes))
        else lines.push(...(piece.stream === 'stdout' ? stdout : stderr).pushFramed(piece))
      }
      const said = error.length > 0 ? Buffer.concat(error).toString('utf8').trim() : null
      if (said !== null) error = [Buffer.from(said)]
      return { lines, error: said }
    },

    /** What is left when the stream has ended. */
    end: (): EngineLine[] => [...stdout.end(), ...stderr.end()],
  }
}
