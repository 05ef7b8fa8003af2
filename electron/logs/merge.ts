/**
 * Reads several streams as one, whichever has something next. Ends when all have; when it is left or the signal
 * aborts, the signal that the streams got aborts, and they end.
 */
export async function* mergeStreams<T>(
  open: (signal: AbortSignal) => AsyncGenerator<T, void, undefined>[],
  signal: AbortSignal,
): AsyncGenerator<T, void, undefined> {
  const left = new AbortController()
  const streams = open(AbortSignal.any([signal, left.signal]))
  const waiting = new Map<number, Promise<{ index: number; result: IteratorResult<T, void> }>>()
  const ask = (stream: AsyncGenerator<T, void, undefined>, index: number) => {
    waiting.set(
      index,
      stream.next().then((result) => ({ index, result })),
    )
  }
  streams.forEach(ask)
  try {
    while (waiting.size > 0) {
      const { index, result } = await Promise.race(waiting.values())
      // Behind all others from now on, so that a busy stream does not starve them.
      waiting.delete(index)
      const stream = streams[index]
      if (result.done || !stream) continue
      ask(stream, index)
      yield result.value
    }
  } finally {
    left.abort()
    await Promise.allSettled(streams.map((stream) => stream.return()))
  }
}
