import type { Operation, Service, ServiceProject } from '../../shared/contract'
import { Problem } from '../../shared/problems'
import type { Supervisor } from './supervisor'

export interface ProjectsOptions {
  supervisors: () => readonly Supervisor[]
  /** Throws `service.not-found` for an id that is none. */
  of: (id: string) => Supervisor
}

/** Waits for all, and throws what the first failure was. */
const allOrFirstFailure = async (work: readonly Promise<unknown>[]): Promise<void> => {
  const failed = (await Promise.allSettled(work)).find((result) => result.status === 'rejected')
  if (failed) throw failed.reason
}

/** What is done to all the services that share a Compose project, by the id of one of them. */
export function createProjects({ supervisors, of }: ProjectsOptions) {
  /** The services that share a Compose project, the one that is asked for first. Throws `service.no-container`. */
  const matesOf = async (id: string, operation: Operation): Promise<[Supervisor, ...Supervisor[]]> => {
    const lead = of(id)
    const project = await lead.runtime().containers?.projectName()
    if (project === undefined) throw new Problem('service.no-container', { id, operation })
    const others = await Promise.all(
      supervisors().map(async (other) => {
        return other !== lead && (await other.runtime().containers?.projectName()) === project ? [other] : []
      }),
    )
    return [lead, ...others.flat()]
  }

  return {
    /** Takes the project down; the services that share it go with it. Refused while something is done to one of them. */
    async down(id: string): Promise<Service> {
      const [lead, ...others] = await matesOf(id, 'down')
      for (const other of others) other.assertFree()
      const done = lead.down()
      // What is wrong with it is the answer to who asked, and nobody else's: it may fail before the others wait for it.
      await Promise.allSettled([done, ...others.map((other) => other.takenDown(done))])
      return done
    },
    /** The Compose project of a service: what is in it, and which of it Regie looks after. */
    async project(id: string): Promise<ServiceProject> {
      const mates = await matesOf(id, 'start')
      const view = await mates[0].runtime().containers?.project()
      if (!view) throw new Problem('service.no-container', { id, operation: 'start' })
      const serviceIdOf = (name: string) => mates.find((mate) => mate.config().compose?.service === name)?.id() ?? null
      return { ...view, services: view.services.map((one) => ({ ...one, serviceId: serviceIdOf(one.name) })) }
    },
    /** The ids of the services that share a Compose project, the asked one first. */
    projectMates: async (id: string, operation: Operation): Promise<string[]> =>
      (await matesOf(id, operation)).map((mate) => mate.id()),
    /** Starts the whole project: what Regie looks after in turn on its GPU, then the rest. Recreates nothing. */
    async startProject(id: string): Promise<Service> {
      const mates = await matesOf(id, 'start')
      const started = mates.filter((mate) => !mate.isUp()).map((mate) => mate.start({ isAlone: false }))
      const failure = await allOrFirstFailure(started).then(
        () => null,
        (error: unknown) => ({ error }),
      )
      await mates[0].startOthers(mates.map((mate) => mate.config().compose?.service ?? ''))
      if (failure) throw failure.error
      return mates[0].service()
    },
    /** Stops the whole project; removes nothing. */
    async stopProject(id: string): Promise<Service> {
      const mates = await matesOf(id, 'stop')
      await allOrFirstFailure(mates.map((mate) => mate.stop()))
      return mates[0].stopOthers()
    },
  }
}
