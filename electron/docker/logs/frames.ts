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
      const all = header.length > 0 ? Buffer.concat([header, chunk]) : chunk
      header = Buffer.alloc(0)
      for (let at = 0; at < all.length;) {
        if (missing > 0) {
          const end = Math.min(at + missing, all.length)
          pieces.push({ stream, bytes: all.subarray(at, end), begins })
          begins = false
          missing -= end - at
          at = end
          continue
        }
        const kind = streams[all[at] ?? 0]
        if (kind === undefined || all[at + 1] || all[at + 2] || all[at + 3]) {
          isRaw = true
          pieces.push({ stream: 'raw', bytes: all.subarray(at), begins: false })
          break
        }
        if (all.length - at < headerLength) {
          header = all.subarray(at)
          break
        }
        stream = kind
        missing = all.readUInt32BE(at + 4)
        begins = true
        at += headerLength
      }
      return pieces
    },
  }
}
