import type { ServiceProject } from '../../../shared/contract'

type One = ServiceProject['services'][number]

/** Whether nothing of a service of a project runs. One that has done its work and ended well is none that was left. */
export const isStopped = ({ containers }: One): boolean =>
  !containers.some(({ state, status }) => state === 'running' || state === 'restarting' || /^Exited \(0\)/.test(status))

/** The containers that a `down` removes, by their names. */
export const containersOf = ({ services }: ServiceProject): string[] =>
  services.flatMap(({ containers }) => containers.map(({ name }) => name))

/** Those that run, which a stop of the project ends. */
export const runningOf = ({ services }: ServiceProject): string[] =>
  services.flatMap(({ containers }) =>
    containers.filter(({ state }) => state !== 'exited' && state !== 'created').map(({ name }) => name),
  )
