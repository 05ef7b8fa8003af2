import type { Duplex } from 'node:stream'

/** A longer frame is read by `ws`, and counted while it comes. Payload, in bytes. */
const longest = 65_535

/** A WebSocket message in one frame. */
export interface WholeFrame {
  data: Buffer
  isBinary: boolean
  /** The frame as it came, unmasked and in its shortest form: what may be written to a client as it is. */
  raw: Buffer
}

interface Head {
  opcode: number
  /** Header and payload, in bytes. */
  size: number
  payloadAt: number
}

/** The head of the frame that begins at `at`; how many bytes are needed to read it; null where it is none for us. */
function headOf(bytes: Buffer, at: number): Head | { needs: number } | null {
  const has = bytes.length - at
  if (has < 2) return { needs: 2 }
  const first = bytes[at] ?? 0
  const length = bytes[at + 1] ?? 0
  const opcode = first & 0x0f
  // Whole, without extensions, a message, a ping or a pong.
  if ((first & 0xf0) !== 0x80 || (opcode !== 1 && opcode !== 2 && opcode !== 9 && opcode !== 10)) return null
  if (length < 126) return { opcode, size: 2 + length, payloadAt: 2 }
  if (opcode > 2 || length > 127) return null // a long control frame, or a masked one
  const headBytes = length === 126 ? 4 : 10
  if (has < headBytes) return { needs: headBytes }
  const payload = length === 126 ? bytes.readUInt16BE(at + 2) : Number(bytes.readBigUInt64BE(at + 2))
  if (payload < 126 || (length === 127 && payload <= longest)) return null // there was a shorter way to say it
  return { opcode, size: headBytes + payload, payloadAt: headBytes }
}

/** The pieces of a frame, until there is enough of it. */
function keepPieces() {
  let kept: Buffer[] = []
  let bytes = 0
  let needed = 0
  return {
    begin(piece: Buffer, until: number): void {
      kept = [piece]
      bytes = piece.length
      needed = until
    },
    /** What there is with this piece; null where that is not enough yet. */
    add(piece: Buffer): Buffer | null {
      if (bytes === 0) return piece
      kept.push(piece)
      bytes += piece.length
      if (bytes < needed) return null
      const whole = Buffer.concat(kept, bytes)
      kept = []
      bytes = 0
      return whole
    },
  }
}

/**
 * Reads the frames of a service off its connection before `ws` does, at a fraction of the cost, and tells `take` of each
 * message that comes in one frame. All else is handed to `ws` byte for byte, which so never stands within a frame of ours:
 * pings and long frames singly; what is in pieces, closes or is wrong together with everything after it. To be called while
 * the socket of `ws` is open and paused, and nothing has been read.
 */
export function readFrames(wire: Duplex, mostBytes: number, take: (frame: WholeFrame) => void): void {
  const [theirs, ...others] = wire.listeners('data')
  if (!theirs || others.length > 0) return // not as we know it: `ws` reads everything
  const toWs = (bytes: Buffer) => void Reflect.apply(theirs, wire, [bytes])
  const kept = keepPieces()
  /** Bytes that are still to come of a frame that `ws` reads. */
  let longLeft = 0

  const giveBack = (bytes: Buffer) => {
    wire.off('data', came)
    wire.off('close', rest)
    // As `ws` had it: it takes it off itself when it has read enough. First, as others count what it has read.
    wire.prependListener('data', theirs as (piece: Buffer) => void)
    toWs(bytes)
  }
  const readAll = (bytes: Buffer) => {
    for (let at = 0; at < bytes.length;) {
      const head = headOf(bytes, at)
      if (head === null || ('size' in head && head.size > mostBytes)) {
        giveBack(bytes.subarray(at))
        return
      }
      if ('needs' in head) {
        kept.begin(bytes.subarray(at), head.needs)
        return
      }
      const { opcode, size, payloadAt } = head
      if (size > longest + 4) {
        const here = bytes.subarray(at, at + size)
        longLeft = size - here.length
        toWs(here)
      } else if (at + size > bytes.length) {
        kept.begin(bytes.subarray(at), size)
        return
      } else {
        const raw = bytes.subarray(at, at + size)
        if (opcode > 2) toWs(raw)
        else take({ data: raw.subarray(payloadAt), isBinary: opcode === 2, raw })
      }
      at += size
    }
  }
  const came = (piece: Buffer) => {
    const ofLong = piece.subarray(0, longLeft)
    longLeft -= ofLong.length
    if (ofLong.length > 0) toWs(ofLong)
    const whole = ofLong.length < piece.length ? kept.add(piece.subarray(ofLong.length)) : null
    if (whole) readAll(whole)
  }
  /** What had come before the end, and was not read while the socket was paused: `ws` would read it itself. */
  const rest = () => {
    const piece: unknown = wire.read()
    if (Buffer.isBuffer(piece)) came(piece)
  }
  wire.off('data', theirs as (piece: Buffer) => void)
  wire.prependListener('data', came)
  wire.prependListener('close', rest)
}
