import { existsSync } from 'node:fs'
import type { ComposeSpec, PendingChange, ServiceContainer } from '../../../../shared/contract'
import { because, reason, type Reason } from '../../../../shared/problems'
import { filesOf } from '../../../compose/program/files'
import { leftOversIn } from '../../../compose/program/left-over'
import { otherFiles } from '../../../compose/program/projects'
import type { Container } from '../../../docker/engine'
import type { Changes, ContainerRuntime } from '../runtime'
import type { createChanges } from './changes'
import type { Listing } from './listing'
import { isUp } from './run'
import type { Sight } from './seen'

interface TellingParts {
  id: string
  spec: ComposeSpec
  listing: Pick<Listing, 'listed' | 'allListed' | 'current'>
  seen: Pick<Sight, 'described' | 'facts' | 'startedAt'>
  changes: ReturnType<typeof createChanges>
}

/** Tells what a service's container lacks, and what a start or a recreate would do to it. */
export function createTelling({ id, spec, listing, seen, changes }: TellingParts) {
  /** The files that its container was made from, where some of them are none of the service's. */
  let madeFrom: string[] = []

  async function recreateRefusal(): Promise<Reason | null> {
    const container = listing.listed()
    madeFrom = container ? otherFiles(await filesOf(spec), [container], existsSync) : []
    return madeFrom.length === 0 ? null : reason('compose.other-files', { files: madeFrom.join(', ') })
  }

  /** What an interrupted recreate left beside the service's container, or as it, as last seen. */
  function leftBehind(container: Container): PendingChange | null {
    const [found] = leftOversIn(listing.allListed())
    if (!found) return null
    // A start and a restart put right what loses nothing by it.
    const isHarmless = found.kind === 'unfinished' || found.container.id === container.id
    const why = reason('compose.left-over', { name: found.container.name })
    return { action: isHarmless ? 'restart' : 'recreate', reason: why }
  }

  return {
    recreateRefusal,

    container: (): ServiceContainer | null => {
      const container = seen.described()
      return container && { ...container, ...(madeFrom.length > 0 && { madeFrom }) }
    },

    facts: () => seen.facts(),

    changes: async (): Promise<Changes> => {
      const container = listing.listed()
      if (!container) return { known: true, changes: [] }
      const refusal = await recreateRefusal()
      if (refusal) return { known: false, why: refusal }
      const runsSince = isUp(container.state) ? seen.startedAt(container) : null
      const found = await changes.of({ id: container.id, runsSince })
      const left = leftBehind(container)
      return found.known && left ? { known: true, changes: [...found.changes, left] } : found
    },

    plan: async (): ReturnType<ContainerRuntime['plan']> => {
      const container = await listing.current()
      if (!container) return { action: 'up', reasons: [reason('compose.plan-up', { id })] }
      if (container.state === 'paused') return { action: 'unpause', reasons: [reason('compose.plan-unpause', { id })] }
      if (isUp(container.state)) return { action: 'none', reasons: [] }
      const refusal = await recreateRefusal()
      const found: Changes = refusal
        ? { known: false, why: refusal }
        : await changes.of({ id: container.id, runsSince: null })
      if (!found.known) return { action: 'start', reasons: [reason('compose.plan-unknown', because(found.why))] }
      const needed = found.changes.filter(({ action }) => action === 'recreate')
      if (needed.length === 0) return { action: 'start', reasons: [reason('compose.plan-start')] }
      // What was written inside it would be lost: it is recreated only where that was asked for.
      return { action: 'start', reasons: [...needed.map((change) => change.reason), reason('compose.plan-recreate')] }
    },
  }
}
