export type { ServiceControl } from '../credentials/control'
export type { ServiceEntries } from './registry'
export type { ServiceEvent, ServicesOptions } from './options'
export { createServices, type Services } from './services'
