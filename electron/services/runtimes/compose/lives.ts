import type { Recreating } from '../../../compose/program/arguments'
import type { Container, Engine } from '../../../docker/engine'
import type { Run, Work } from '../runtime'
import { act, assertSourcesThere } from './acting'
import type { Dependencies } from './dependencies'
import type { Listing } from './listing'
import type { Making } from './making'
import { followContainer, isUp } from './run'
import type { Sight } from './seen'

interface LivesParts {
  engine: Engine
  redact: (text: string) => string
  reportBug: (error: unknown) => void
  listing: Pick<Listing, 'current'>
  seen: Pick<Sight, 'learn'>
  making: Making
  dependencies: Pick<Dependencies, 'areLacking' | 'bring'>
}

/** The lives of a service's container: how each begins, and is followed to its end. */
export function createLives({ engine, redact, reportBug, listing, seen, making, dependencies }: LivesParts) {
  const by = ({ onStep }: Work) => ({ engine, redact, onStep })

  const follow = ({ id, name }: Container): Run =>
    followContainer(id, name, { engine, learn: (container) => seen.learn(container), redact, reportBug })
  const learnAndFollow = async (container: Container): Promise<Run> => {
    await seen.learn(container.id)
    return follow(container)
  }
  /** Lets Compose make the container. */
  const up = async (work: Work, recreate: Recreating): Promise<Run> => learnAndFollow(await making.up(work, recreate))

  return {
    up,

    /** The life that is there, whoever began it. */
    find: async (): Promise<Run | null> => {
      // Without the engine nothing can be found; its container is looked for again at the next look.
      const container = await listing.current().catch(() => null)
      return container && isUp(container.state) ? follow(container) : null
    },

    launch: async (work: Work): Promise<Run> => {
      await making.mend(work, false)
      const container = await listing.current()
      work.signal.throwIfAborted()
      if (!container) return up(work, 'never')
      if (!isUp(container.state)) {
        const lacks = await dependencies.areLacking(container)
        await assertSourcesThere(container, engine)
        // Compose starts the same container, after what it depends on.
        if (lacks) return up(work, 'never')
        await act(container, 'start', by(work))
      } else if (container.state === 'paused') await act(container, 'unpause', by(work))
      return learnAndFollow(container)
    },

    restart: async (work: Work): Promise<Run> => {
      await making.mend(work, false)
      const container = await listing.current()
      if (!container) return up(work, 'never')
      await assertSourcesThere(container, engine)
      if (await dependencies.areLacking(container)) await dependencies.bring(work)
      await act(container, 'restart', by(work))
      return learnAndFollow(container)
    },

    unpause: async (work: Work): Promise<void> => {
      const container = await listing.current()
      if (container?.state !== 'paused') return
      await act(container, 'unpause', by(work))
      await seen.learn(container.id)
    },
  }
}
