import type Dockerode from 'dockerode'
import type { Container } from '../../../docker/engine'
import { leftOversIn, mendingOf, type LeftOver } from '../../../compose/program/left-over'
import { containersOf } from '../../../compose/program/projects'
import { readContainers } from '../../../docker/containers'
import { inspectContainer, nameRefusal } from './run'
import type { Work } from '../runtime'

interface Mended {
  client: Dockerode
  project: string
  service: string
  /** The containers of the service. */
  own: readonly Container[]
  isRecreate: boolean
  onStep: Work['onStep']
  redact: (text: string) => string
}

async function holderOf(client: Dockerode, name: string, { project, service }: Mended) {
  const answer: unknown = await client.listContainers({ all: true, filters: { name: [`^/${name}$`] } })
  const found = readContainers(answer).filter((container) => container.name === name)
  if (found.length === 0) return 'nobody'
  return containersOf(found, project, service).length > 0 ? 'own' : 'another'
}

async function mend(leftOver: LeftOver, about: Mended): Promise<void> {
  const { client, isRecreate, onStep, redact } = about
  const { container, name } = leftOver
  const facts = await inspectContainer(client, container.id)
  if (facts === null) return
  const wasStarted = facts.startedAt !== null
  const title = `Container ${container.name}`
  const mending = mendingOf(
    { ...leftOver, container: { ...container, state: facts.state } },
    { holder: await holderOf(client, name, about), wasStarted, isRecreate },
  )
  const docker = client.getContainer(container.id)
  switch (mending) {
    case 'keep':
      return
    case 'rename':
    case 'remove':
      onStep({ id: title, title, state: 'running', detail: mending === 'rename' ? 'Renaming' : 'Removing' })
      try {
        // Volumes stay, named or not.
        await (mending === 'rename' ? docker.rename({ name }) : docker.remove({ v: false, force: false }))
        onStep({ id: title, title, state: 'done', detail: mending === 'rename' ? `Renamed to ${name}` : 'Removed' })
      } catch (error) {
        onStep({ id: title, title, state: 'failed', detail: null })
        throw nameRefusal(error, { action: mending, name: container.name, redact })
      }
  }
}

/**
 * Puts right what interrupted recreates of a service left under temporary names, each told as a step. Throws a
 * Problem when Docker refuses.
 */
export async function mendLeftOvers(about: Mended): Promise<void> {
  for (const leftOver of leftOversIn(about.own)) await mend(leftOver, about)
}
