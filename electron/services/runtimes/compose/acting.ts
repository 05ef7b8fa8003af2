import { Problem } from '../../../../shared/problems'
import type { Container, Engine } from '../../../docker/engine'
import type { Work } from '../runtime'
import { missingSources, nameRefusal, quietly } from './run'

/** How long a container is given to end by itself when it is stopped or restarted, in ms. */
export const stopGraceMs = 10_000

/** What is told of an act while it goes on, and when it is done. */
const words = {
  start: ['Starting', 'Started'],
  restart: ['Restarting', 'Restarted'],
  unpause: ['Unpausing', 'Running'],
} as const

/** Does one thing to a container through the engine, told as a step. Throws a Problem when Docker refuses. */
export async function act(
  { id, name }: Container,
  action: keyof typeof words,
  {
    engine,
    redact,
    onStep,
  }: { engine: Pick<Engine, 'client'>; redact: (text: string) => string } & Pick<Work, 'onStep'>,
): Promise<void> {
  const title = `Container ${name}`
  const [doing, done] = words[action]
  onStep({ id: title, title, state: 'running', detail: doing })
  try {
    const docker = (await engine.client()).getContainer(id)
    if (action === 'restart') await docker.restart({ t: stopGraceMs / 1000 })
    else await quietly(action === 'start' ? docker.start() : docker.unpause())
    onStep({ id: title, title, state: 'done', detail: done })
  } catch (error) {
    onStep({ id: title, title, state: 'failed', detail: null })
    throw nameRefusal(error, { action, name, redact })
  }
}

/** Throws when Docker would make empty folders of what the container mounts. */
export async function assertSourcesThere(
  { id, name }: Container,
  engine: Parameters<typeof missingSources>[0],
): Promise<void> {
  const missing = await missingSources(engine, id)
  if (missing.length > 0) throw new Problem('compose.folders-gone', { name, sources: missing.join(', ') })
}
