import type { ServiceProject } from '../../../shared/contract'

type One = ServiceProject['services'][number]

export type ProjectState = 'running' | 'paused' | 'done' | 'stopped'

/**
 * What a service of a project does now. `done`: a helper whose containers all ended with exit code 0, which is work
 * that is over as well as a program that was stopped in order: it cannot be told which. What Regie manages serves for
 * ever, so that one has stopped.
 */
export function projectStateOf({ containers, serviceId }: One): ProjectState {
  const is = (wanted: string) => containers.some(({ state }) => state === wanted)
  if (is('running') || is('restarting')) return 'running'
  if (is('paused')) return 'paused'
  const endedWell = containers.length > 0 && containers.every(({ status }) => status.startsWith('Exited (0)'))
  return endedWell && serviceId === null ? 'done' : 'stopped'
}

/** The containers that a `down` removes, by their names. */
export const containersOf = ({ services }: ServiceProject): string[] =>
  services.flatMap(({ containers }) => containers.map(({ name }) => name))

/** Those that run, which a stop of the project ends. */
export const runningOf = ({ services }: ServiceProject): string[] =>
  services.flatMap(({ containers }) =>
    containers.filter(({ state }) => state !== 'exited' && state !== 'created').map(({ name }) => name),
  )
