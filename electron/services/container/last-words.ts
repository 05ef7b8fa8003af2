import type Dockerode from 'dockerode'
import { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { stripVTControlCharacters } from 'node:util'
import type { Engine } from '../../docker/engine'
import { beginning, type Redact } from '../../logs/cutting'
import type { ContainerFacts } from './facts'

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

/** The last lines of containers' logs, each read once for each of its container's ends. */
export class LastWords {
  readonly #engine: Pick<Engine, 'client'>
  readonly #redact: Redact
  readonly #read = new Map<string, { key: string; line: string | null }>()

  constructor(engine: Pick<Engine, 'client'>, redact: Redact) {
    this.#engine = engine
    this.#redact = redact
  }

  async of(facts: ContainerFacts): Promise<string | null> {
    const key = `${facts.restartCount} ${facts.finishedAt ?? ''} ${facts.state}`
    const known = this.#read.get(facts.id)
    if (known?.key === key) return known.line
    const line = await readLastWords(await this.#engine.client(), facts, this.#redact)
    this.#read.set(facts.id, { key, line })
    return line
  }

  delete(containerId: string): void {
    this.#read.delete(containerId)
  }
}

/** The last line that a container wrote, redacted; `null` when it wrote none or its log cannot be read. */
async function readLastWords(
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
