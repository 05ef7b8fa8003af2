import type Dockerode from 'dockerode'
import { Readable } from 'node:stream'
import { onAbort } from '../../async/abort'
import { chunksOf } from '../chunks'
import { readSample, type Sample } from './sample'

/**
 * Every sample that the engine takes, about one a second; null while the container does not run, for then it goes on
 * sending empty ones. Never asked with `stream=false`, which takes two seconds.
 */
export async function* readStats(
  docker: Dockerode,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<Sample | null, void, undefined> {
  const options = { stream: true as const, abortSignal: signal }
  const stream = await docker.getContainer(id).stats(options)
  if (!(stream instanceof Readable)) throw new TypeError('the engine’s answer is no stream')
  const leave = onAbort(signal, () => void stream.destroy())
  let rest = ''
  try {
    for await (const chunk of chunksOf(stream)) {
      const lines = (rest + chunk.toString('utf8')).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line.trim() === '') continue
        yield readSample(JSON.parse(line) as unknown)
      }
    }
  } finally {
    leave()
    stream.destroy()
  }
}
