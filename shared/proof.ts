import type { Proof } from './contract'

/**
 * Whether every service took the secret and no other, whatever was answered through gateways: these are asked only where
 * all services did.
 */
export const isAcceptedByServices = ({ outcome, rows }: Pick<Proof, 'outcome' | 'rows'>): boolean =>
  outcome === 'proven' || rows.some(({ purpose }) => purpose === 'gateway')
