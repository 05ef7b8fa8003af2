import type { Machine, MachineAddress } from '../../../shared/contract'

/** The ways to a machine's engine. */
export const ways = ['ssh', 'tls', 'context'] as const
export type Way = (typeof ways)[number]

/** What the form of a machine holds. */
export interface Draft {
  name: string
  way: Way
  /** `user@host`, with or without `ssh://`. */
  ssh: string
  /** `host:2376`, with or without `tcp://`. */
  tls: string
  certFolder: string
  context: string
}

const empty: Draft = { name: '', way: 'ssh', ssh: '', tls: '', certFolder: '', context: '' }

/** The form of a machine that is there, or of a new one. */
export function draftOf(machine: Pick<Machine, 'name' | 'address'> | null): Draft {
  if (!machine?.address) return empty
  const { name, address } = machine
  if (address.by === 'context') return { ...empty, name, way: 'context', context: address.context }
  if (/^ssh:/i.test(address.address)) return { ...empty, name, way: 'ssh', ssh: address.address }
  return { ...empty, name, way: 'tls', tls: address.address, certFolder: address.certFolder ?? '' }
}

const withScheme = (scheme: string, text: string) => (text.includes('://') ? text : `${scheme}://${text}`)

/** The address that a form says; null while something is missing. */
export function addressOf({ way, ssh, tls, certFolder, context }: Draft): MachineAddress | null {
  switch (way) {
    case 'ssh':
      return ssh.trim() === '' ? null : { by: 'address', address: withScheme('ssh', ssh.trim()), certFolder: null }
    case 'tls':
      return tls.trim() === ''
        ? null
        : { by: 'address', address: withScheme('tcp', tls.trim()), certFolder: certFolder.trim() || null }
    case 'context':
      return context.trim() === '' ? null : { by: 'context', context: context.trim() }
  }
}

/** An address in one line. */
export const shownAddress = ({ address, endpoint }: Pick<Machine, 'address' | 'endpoint'>): string =>
  address === null ? (endpoint ?? '') : address.by === 'context' ? `context ${address.context}` : address.address
