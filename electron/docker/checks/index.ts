export type { Ending } from './ending'
export type { ContainerFacts } from './facts'
export { watchContainers, type ContainerLook, type ContainerWatch } from './watch'
