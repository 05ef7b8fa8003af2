import type { ComposeSpec } from '../../../../shared/contract'
import { Problem } from '../../../../shared/problems'
import { pause } from '../../../async/pause'
import type { Recreating } from '../../../compose/program/arguments'
import type { Compose } from '../../../compose/program/compose'
import { leftOversIn } from '../../../compose/program/left-over'
import type { Container, Engine } from '../../../docker/engine'
import type { Work } from '../runtime'
import type { Dependencies } from './dependencies'
import { mendLeftOvers } from './left-over'
import type { Listing } from './listing'
import { removeTwins } from './run'

interface MakingParts {
  id: string
  spec: ComposeSpec
  engine: Pick<Engine, 'client'>
  compose: Pick<Compose, 'up'>
  listing: Pick<Listing, 'all' | 'current' | 'projectName'>
  dependencies: Pick<Dependencies, 'bring'>
  redact: (text: string) => string
}

/** How often Compose is asked when somebody else does the same, and after what pause, in ms. */
const attempts = 4
const againMs = 200

/** Whether the container is there, or is there in a moment: its name is taken before it is listed. */
async function appears(listing: Pick<Listing, 'current'>, signal: AbortSignal): Promise<boolean> {
  for (let look = 0; look < attempts; look++) {
    await pause(againMs, signal)
    if ((await listing.current()) !== null) return true
  }
  return false
}

/** Lets Compose make a service's container, and puts right what an interrupted making left. */
export function createMaking({ id, spec, engine, compose, listing, dependencies, redact }: MakingParts) {
  /** Puts right what an interrupted recreate of the service left. */
  async function mend({ onStep }: Pick<Work, 'onStep'>, isRecreate: boolean): Promise<void> {
    const own = await listing.all()
    if (leftOversIn(own).length === 0) return
    const about = { project: await listing.projectName(), service: spec.service, own, isRecreate, onStep, redact }
    await mendLeftOvers({ client: await engine.client(), ...about })
  }

  /** Whether what Compose failed of may be over when it is asked again; what is in the way is put right. */
  async function mayTryAgain(failure: Problem, signal: AbortSignal): Promise<boolean> {
    switch (failure.id) {
      case 'compose.network-gone':
      case 'compose.container-gone':
        await pause(againMs, signal)
        return true
      case 'compose.network-twice':
        await removeTwins(await engine.client(), await listing.projectName())
        return true
      case 'compose.name-taken':
        return appears(listing, signal)
      default:
        return false
    }
  }

  return {
    mend,

    /**
     * Lets Compose make the container, which it returns. Another panel, or a terminal, may do the same at that moment:
     * Docker then refuses the second container of that name, and lets both make the project's network.
     */
    async up(work: Work, recreate: Recreating): Promise<Container> {
      const { onStep, signal } = work
      await mend(work, recreate !== 'never')
      if (recreate !== 'never') await dependencies.bring(work)
      for (let attempt = 1; ; attempt++) {
        try {
          await compose.up(spec, { recreate: attempt === 1 ? recreate : 'never', onStep, signal })
          break
        } catch (error) {
          // Compose 1 gives up with the old container stopped and renamed: it gets its name back.
          if (error instanceof Problem && error.id === 'compose.container-config') await mend({ onStep }, false)
          if (!(error instanceof Problem) || attempt === attempts || !(await mayTryAgain(error, signal))) throw error
        }
      }
      const container = await listing.current()
      if (!container) throw new Problem('compose.no-container', { id })
      return container
    },
  }
}

export type Making = ReturnType<typeof createMaking>
