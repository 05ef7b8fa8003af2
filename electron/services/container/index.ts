export type { Ending } from './ending'
export type { ContainerFacts } from './facts'
export { isCrashLoop } from './restarts'
export { watchContainers, type ContainerLook, type ContainerWatch } from './watch'
