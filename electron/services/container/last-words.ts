import type Dockerode from 'dockerode'
import { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { stripVTControlCharacters } from 'node:util'
import { beginning, type Redact } from '../../logs/cutting'

/** As much of a line as is shown in a reason. */
const longest = 200

/** The last line with something in it, redacted, without colours; `null` when there is none. */
export function lastLine(output: string, redact: Redact): string | null {
  const line = stripVTControlCharacters(output)
    .split(/[\r\n]+/)
    .map((text) => text.trim())
    .findLast((text) => text !== '')
  if (line === undefined) return null
  const shown = beginning(line, longest, redact)
  return shown.length < redact(line).length ? `${shown}…` : shown
}

/** The last line that a container wrote, redacted; `null` when it wrote none or its log cannot be read. */
export async function readLastWords(
  client: Dockerode,
  { id, tty }: { id: string; tty: boolean },
  redact: Redact,
): Promise<string | null> {
  try {
    const log = await client.getContainer(id).logs({ stdout: true, stderr: true, tail: 10, follow: false })
    return lastLine(tty ? log.toString('utf8') : await withoutFrames(client, log), redact)
  } catch {
    return null // a logging driver that cannot be read, or a container that is gone: the reason stands without it
  }
}

async function withoutFrames(client: Dockerode, log: Buffer): Promise<string> {
  const chunks: Buffer[] = []
  const sink = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(chunk)
      done()
    },
  })
  const stream = Readable.from([log])
  client.modem.demuxStream(stream, sink, sink)
  await finished(stream)
  return Buffer.concat(chunks).toString('utf8')
}
