import { StringDecoder } from 'node:string_decoder'
import type { CutPlaces } from '../../logs/cutting'
import { createLineCutter, maxLine, type OutputLine } from '../../logs/lines'
import { createDemultiplexer, type Piece } from './frames'
import { createTimestampReader, longestTimestamp, type EngineTime } from './timestamps'

/** A line of a container's output, with the engine's own time of it. */
export interface EngineLine extends OutputLine {
  stream: 'stdout' | 'stderr'
  /** Null where the engine gave none. */
  time: EngineTime | null
}

export interface ParsedLog {
  lines: EngineLine[]
  /** What the engine said instead of going on. */
  error: string | null
}

/** The engine cuts lines at this many bytes and puts a timestamp before each part. */
const engineCut = 16 * 1024
const timestampInside = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d) /g

/**
 * Turns the bytes of `GET /containers/{id}/logs?timestamps=1` into lines, however they are cut into chunks: one line
 * buffer and one decoder a stream. `places` says where a line that grows too long may be cut.
 */
export function createLogParser(options: { tty: boolean }, places: CutPlaces) {
  const demultiplexer = createDemultiplexer(options)
  const readTime = createTimestampReader()
  const text = { stdout: createStreamText(), stderr: createStreamText() }
  let error: Buffer[] = []

  function createStreamText() {
    return {
      decoder: new StringDecoder('utf8'),
      cutter: createLineCutter(places),
      /** What may still turn out to be a timestamp; null when the frame's has been read. */
      head: null as Buffer | null,
      time: null as EngineTime | null,
      /** Raw bytes: what has no line end yet. */
      line: '',
    }
  }

  const add = (lines: EngineLine[], stream: 'stdout' | 'stderr', cut: OutputLine[], time: EngineTime | null) => {
    for (const line of cut) lines.push({ ...line, stream, time })
  }

  const pushFramed = (lines: EngineLine[], { bytes, begins }: Piece, stream: 'stdout' | 'stderr') => {
    const state = text[stream]
    // By bytes: a character that the engine split over two frames has the second's timestamp in its middle.
    if (begins) state.head = Buffer.alloc(0)
    let said = bytes
    if (state.head) {
      const head = state.head.length > 0 ? Buffer.concat([state.head, bytes]) : bytes
      const blank = head.indexOf(0x20)
      if (blank < 0 && head.length <= longestTimestamp) {
        state.head = head
        return
      }
      const time = blank < 0 || blank > longestTimestamp ? null : readTime(head.toString('latin1', 0, blank))
      state.head = null
      state.time = time ?? state.time
      said = time ? head.subarray(blank + 1) : head
    }
    add(lines, stream, state.cutter.push(state.decoder.write(said)), state.time)
  }

  /** One line of a raw stream, with its end. Of a long one the parts have timestamps of their own. */
  const pushRawLine = (lines: EngineLine[], line: string) => {
    const state = text.stdout
    const blank = line.indexOf(' ')
    const time = blank > 0 && blank <= longestTimestamp ? readTime(line.slice(0, blank)) : null
    state.time = time ?? state.time
    let said = time ? line.slice(blank + 1) : line
    if (said.length > engineCut / 4) said = said.replaceAll(timestampInside, '')
    add(lines, 'stdout', state.cutter.push(said), state.time)
  }

  const pushRaw = (lines: EngineLine[], bytes: Buffer) => {
    const state = text.stdout
    let rest = state.line + state.decoder.write(bytes)
    for (let end = rest.indexOf('\n'); end >= 0; end = rest.indexOf('\n')) {
      pushRawLine(lines, rest.slice(0, end + 1))
      rest = rest.slice(end + 1)
    }
    if (rest.length > 2 * maxLine) {
      pushRawLine(lines, rest)
      rest = ''
    }
    state.line = rest
  }

  return {
    push(chunk: Buffer): ParsedLog {
      const lines: EngineLine[] = []
      for (const piece of demultiplexer.push(chunk)) {
        if (piece.stream === 'error') error.push(piece.bytes)
        else if (piece.stream === 'raw') pushRaw(lines, piece.bytes)
        else pushFramed(lines, piece, piece.stream)
      }
      const said = error.length > 0 ? Buffer.concat(error).toString('utf8').trim() : null
      if (said !== null) error = [Buffer.from(said)]
      return { lines, error: said }
    },

    /** What is left when the stream has ended. */
    end(): EngineLine[] {
      const lines: EngineLine[] = []
      if (text.stdout.line !== '') pushRawLine(lines, text.stdout.line)
      for (const stream of ['stdout', 'stderr'] as const) {
        const { cutter, decoder, head, time } = text[stream]
        add(lines, stream, [...cutter.push((head?.toString('utf8') ?? '') + decoder.end()), ...cutter.end()], time)
      }
      return lines
    },
  }
}
