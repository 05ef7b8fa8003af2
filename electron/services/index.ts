export type { ServiceControl } from '../credentials/control'
export type { ServiceEntries } from './registry'
export { createServices, type ServiceEvent, type Services, type ServicesOptions } from './services'
