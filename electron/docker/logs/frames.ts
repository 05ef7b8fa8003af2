/** A piece of one stream's bytes. */
export interface Piece {
  /** `error`: the engine's own words, after which it sends no more. `raw`: both streams, without frames. */
  stream: 'stdout' | 'stderr' | 'error' | 'raw'
  bytes: Buffer
  /** First piece of a frame: the engine puts a timestamp in front of each. */
  begins: boolean
}

const headerLength = 8

/** Byte 0 of a frame: 0 is stdin, which is shown as stdout. */
const streams = ['stdout', 'stdout', 'stderr', 'error'] as const

/**
 * Takes the engine's multiplexed stream apart (moby `pkg/stdcopy`). A frame is passed on as its bytes come, so
 * that its length, whatever the header says, takes no memory. Of a container with a TTY nothing is framed; neither are
 * bytes that cannot be a header, from which point on everything is taken as it is.
 */
export function createDemultiplexer({ tty }: { tty: boolean }) {
  let isRaw = tty
  let header: Buffer = Buffer.alloc(0)
  let stream: Piece['stream'] = 'stdout'
  let missing = 0
  let begins = false

  return {
    push(chunk: Buffer): Piece[] {
      if (isRaw) return [{ stream: 'raw', bytes: chunk, begins: false }]
      const pieces: Piece[] = []
      let rest = header.length > 0 ? Buffer.concat([header, chunk]) : chunk
      header = Buffer.alloc(0)
      while (rest.length > 0) {
        if (missing > 0) {
          const bytes = rest.subarray(0, missing)
          pieces.push({ stream, bytes, begins })
          begins = false
          missing -= bytes.length
          rest = rest.subarray(bytes.length)
          continue
        }
        const kind = streams[rest[0] ?? 0]
        const zeros = rest.subarray(1, Math.min(4, rest.length))
        if (kind === undefined || zeros.some((byte) => byte !== 0)) {
          isRaw = true
          pieces.push({ stream: 'raw', bytes: rest, begins: false })
          break
        }
        if (rest.length < headerLength) {
          header = rest
          break
        }
        stream = kind
        missing = rest.readUInt32BE(4)
        begins = true
        rest = rest.subarray(headerLength)
      }
      return pieces
    },
  }
}
