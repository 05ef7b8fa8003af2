import type { Operation, Service } from '../../../shared/contract'
import { Problem } from '../../../shared/problems'
import type { Operations } from '../operations'
import type { Progress } from '../progress'
import type { ContainerRuntime, Work } from '../runtimes/runtime'
import type { Beginning } from './beginning'
import type { Ending } from './ending'
import type { Judging } from './judging'
import type { Supervised } from './state'

/** Does one operation on the service, alone. Resolves to the service as it then is; throws a Problem. */
export type Exclusively = (name: Operation, perform: (work: Work) => Promise<void>) => Promise<Service>

interface Neighbours {
  operations: Operations
  progress: Progress
  judging: Pick<Judging, 'service'>
}

/** What ends the program, for a while or for good. */
const ending: readonly Operation[] = ['stop', 'restart', 'recreate', 'down']

/** One operation at a time, its progress told. The climb that follows is shown when it is done; nobody waits for it. */
export function createExclusively(
  { look, state, options }: Pick<Supervised, 'look' | 'state' | 'options'>,
  { operations, progress, judging }: Neighbours,
): Exclusively {
  return async (name, perform) => {
    try {
      await operations.run(name, async (signal) => {
        progress.begin(name !== 'stop')
        // Whoever asked a moment ago gets his answer; whoever asks now waits, for it is told what goes on.
        if (ending.includes(name)) await options.settle?.(state.config.id)
        await perform({ signal, onStep: progress.step }).finally(progress.end)
      })
    } finally {
      void look()
    }
    return judging.service()
  }
}

interface ActingParts extends Neighbours {
  exclusively: Exclusively
  beginning: Beginning
  ending: Ending
}

/** What can be done to any service. Every act resolves to the service as it then is, or throws a Problem. */
export function createActs(
  { state, log, look }: Supervised,
  { exclusively, operations, judging, beginning, ending }: ActingParts,
) {
  async function tellLeftStopped(): Promise<void> {
    const left = (await state.runtime.containers?.leftStopped()) ?? []
    if (left.length > 0) log.panel(`Left stopped in its project: ${left.join(', ')}.`)
  }

  return {
    /** `isAlone`: nobody starts the rest of its project after it, so what is left stopped there is said. */
    start: ({ isAlone = true } = {}) =>
      exclusively('start', async (work) => {
        await beginning.launch(work)
        if (isAlone) await tellLeftStopped()
      }),
    async stop(): Promise<Service> {
      // A start may take minutes: stopping is how it is cancelled.
      const current = operations.current()
      if (current === 'start' || current === 'recreate') await operations.cancel()
      return exclusively('stop', ending.halt)
    },
    /** Aborting the signal stops waiting; the service then is as it is. */
    restart: (signal?: AbortSignal) =>
      exclusively('restart', async (work) => {
        const { containers } = state.runtime
        if (containers) return beginning.renew(work, signal, () => containers.restart(work))
        await ending.halt()
        await beginning.launch(work, signal)
      }),
    /** Cancels what is being done, if it can be; resolves when it has ended. */
    async cancel(): Promise<Service> {
      await operations.cancel()
      return judging.service()
    },
    async freeMemory(): Promise<Service> {
      await state.backend.freeMemory(AbortSignal.timeout(30_000))
      await look()
      return judging.service()
    },
  }
}

/** What can be done to services in containers alone; throws `service.no-container` for any other. */
export function createContainerActs({ state }: Supervised, { exclusively, beginning, ending }: ActingParts) {
  function containersFor(operation: Operation): ContainerRuntime {
    const { containers } = state.runtime
    if (!containers) throw new Problem('service.no-container', { id: state.config.id, operation })
    return containers
  }

  return {
    /** Recreates the container, where asked without what other files added to it. Aborting the signal stops waiting. */
    async recreate(signal?: AbortSignal, leaveOutFiles = false): Promise<Service> {
      const containers = containersFor('recreate')
      return exclusively('recreate', (work) =>
        beginning.renew(work, signal, () => containers.recreate(work, leaveOutFiles)),
      )
    },
    /** Wakes its paused container. Throws `service.stopped` when there is nothing to wake. */
    async unpause(): Promise<Service> {
      containersFor('unpause')
      return exclusively('unpause', async (work) => {
        ending.assertManaged()
        if (!state.run) throw new Problem('service.stopped', { id: state.config.id })
        await beginning.resume(work)
      })
    },
    /** Builds its image and starts a container of it; until it is built, what runs goes on. */
    async rebuild(): Promise<Service> {
      const containers = containersFor('rebuild')
      return exclusively('rebuild', async (work) => {
        ending.assertManaged()
        await containers.build(work)
        await beginning.renew(work, undefined, () => containers.renew(work))
      })
    },
    async pull(): Promise<Service> {
      const containers = containersFor('pull')
      return exclusively('pull', (work) => containers.pull(work))
    },
    async down(): Promise<Service> {
      const containers = containersFor('down')
      return exclusively('down', (work) => ending.takeDown(work, containers))
    },
    /** Another service takes their project down until `done`. */
    async takenDown(done: Promise<unknown>): Promise<Service> {
      const containers = containersFor('down')
      return exclusively('down', () => ending.takenDown(done, containers))
    },
    /** Starts the other services of its project, but for some, by their names in the files. */
    async startOthers(except: readonly string[]): Promise<Service> {
      const containers = containersFor('start')
      return exclusively('start', (work) => containers.startOthers(except, work))
    },
    /** Stops what else runs of its project; its own container stands still by then. */
    async stopOthers(): Promise<Service> {
      const containers = containersFor('stop')
      return exclusively('stop', (work) => containers.stopProject(work))
    },
  }
}
