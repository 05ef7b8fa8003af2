import { Readable } from 'node:stream'
import * as z from 'zod'
import { Problem } from '../../shared/problems'
import { chunksOf } from './chunks'
import { splitVariable } from '../compose/files/variable'
import type { Engine } from './engine'
import { containerProblem } from './exec'
import { createDemultiplexer } from './logs/frames'
import { inspectForLog, isUnreadable } from './logs/read'

/** One text that the engine keeps with a container or its image. */
export interface Trace {
  kind: 'environment' | 'label' | 'command' | 'image'
  /** Name of the variable or label, `command`, or the layer's number from below. */
  part: string
  text: string
}

export interface ContainerTraces {
  container: string
  image: string
  traces: Trace[]
}

const Labels = z.record(z.string(), z.string()).nullish()
const Words = z.array(z.string()).nullish()
const Configured = z.object({ Env: Words, Labels, Cmd: Words, Entrypoint: Words })

const Container = z.object({
  Name: z.string(),
  Image: z.string(),
  Path: z.string().nullish(),
  Args: Words,
  Config: Configured.extend({ Image: z.string() }),
})
const Image = z.object({ Config: Configured.nullish() })
const History = z.array(z.object({ CreatedBy: z.string().nullish(), Comment: z.string().nullish() }))

const labelled = (labels: z.infer<typeof Labels>) =>
  Object.entries(labels ?? {}).map(([name, value]) => ({ part: name, text: `${name}=${value}` }))

/**
 * The environment, labels and command of a container, and what its image was made with. Raw: nothing is redacted.
 * Throws a Problem when the container is gone or there is no engine.
 */
export async function readTraces(
  engine: Pick<Engine, 'client'>,
  id: string,
  signal: AbortSignal,
): Promise<ContainerTraces> {
  const client = await engine.client()
  try {
    const container = Container.parse(await client.getContainer(id).inspect({ abortSignal: signal }))
    const image = client.getImage(container.Image)
    // An image can be deleted under its container; its traces are then in the container's own. One that could not be
    // read for another reason must not count as clean.
    const made: unknown = await image.inspect().catch(orGone)
    const layers: unknown = (await image.history().catch(orGone)) ?? []
    const ofImage = imageTraces(Image.safeParse(made).data ?? {}, History.safeParse(layers).data ?? [])
    const known = new Set(ofImage.map(({ text }) => text))
    const command = [container.Path ?? '', ...(container.Args ?? [])].join('\n')
    const own: Trace[] = [
      ...(container.Config.Env ?? []).map((text) => ({
        kind: 'environment' as const,
        part: splitVariable(text)[0],
        text,
      })),
      ...labelled(container.Config.Labels).map((label) => ({ kind: 'label' as const, ...label })),
      { kind: 'command', part: 'command', text: command },
    ]
    return {
      container: container.Name.replace(/^\//, ''),
      image: container.Config.Image,
      // What a container has from its image is told of the image.
      traces: [...ofImage, ...own.filter(({ text }) => !known.has(text))],
    }
  } catch (error) {
    signal.throwIfAborted()
    throw containerProblem(error, id)
  }
}

function orGone(error: unknown): null {
  if (error instanceof Error && 'statusCode' in error && error.statusCode === 404) return null
  throw error
}

function imageTraces({ Config }: z.infer<typeof Image>, history: z.infer<typeof History>): Trace[] {
  const command = [...(Config?.Entrypoint ?? []), ...(Config?.Cmd ?? [])].join('\n')
  return [
    ...(Config?.Env ?? []).map((text) => ({ part: splitVariable(text)[0], text })),
    ...labelled(Config?.Labels),
    { part: 'command', text: command },
    ...history.map(({ CreatedBy, Comment }, at) => ({
      part: `layer ${history.length - at}`,
      text: `${CreatedBy ?? ''}\n${Comment ?? ''}`,
    })),
  ].map((trace) => ({ kind: 'image', ...trace }))
}

export interface RawLogPiece {
  stream: 'stdout' | 'stderr'
  bytes: Buffer
}

/**
 * Everything that a container wrote and the engine kept, as bytes, oldest first. Throws a Problem when it cannot be
 * read.
 */
export async function* readRawLog(
  engine: Pick<Engine, 'client'>,
  id: string,
  signal: AbortSignal,
): AsyncGenerator<RawLogPiece, void, undefined> {
  const client = await engine.client()
  try {
    const { tty } = await inspectForLog(client, id, signal)
    // dockerode hands out a stream only when `follow` is set; `_query` is what it really asks.
    const options = { follow: true as const, abortSignal: signal, _query: { stdout: 1, stderr: 1, follow: 0 } }
    const stream = await client.getContainer(id).logs(options)
    if (!(stream instanceof Readable)) throw new TypeError('the engine’s answer is no stream')
    const demultiplexer = createDemultiplexer({ tty })
    try {
      for await (const chunk of chunksOf(stream))
        for (const { stream: from, bytes } of demultiplexer.push(chunk)) {
          if (from === 'error') throw new Error(bytes.toString('utf8'))
          yield { stream: from === 'stderr' ? 'stderr' : 'stdout', bytes }
        }
    } finally {
      stream.destroy()
    }
  } catch (error) {
    signal.throwIfAborted()
    if (isUnreadable(error)) throw new Problem('leaks.log-unreadable', {}, { cause: error })
    throw containerProblem(error, id)
  }
}
