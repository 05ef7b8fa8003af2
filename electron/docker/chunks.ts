import type { Readable } from 'node:stream'
import { createWake } from '../async/wake'

/** Everything that lies ready, in one piece: the engine sends every line as a chunk of its own. Throws when it is cut. */
export async function* chunksOf(stream: Readable): AsyncGenerator<Buffer, void, undefined> {
  const state: { failure: Error | null; ended: boolean } = { failure: null, ended: false }
  const { wake, reader } = createWake()
  const woken = reader()
  stream.on('readable', wake)
  stream.once('end', () => {
    state.ended = true
    wake()
  })
  stream.on('error', (error) => {
    state.failure ??= error
    wake()
  })
  stream.once('close', () => {
    if (!state.ended) state.failure ??= new Error('the stream was cut')
    wake()
  })
  for (;;) {
    const chunk: unknown = stream.read()
    if (Buffer.isBuffer(chunk)) yield chunk
    else if (state.failure) throw state.failure
    else if (state.ended) return
    else await woken()
  }
}
