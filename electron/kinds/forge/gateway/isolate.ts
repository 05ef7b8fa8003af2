import type { GatewayWorld, Isolation } from '../../gateway'

/** Keeps people apart on one Forge. */
export const isolateForge = (_world: GatewayWorld): Isolation => ({
  handle: (_question, { role }) =>
    role === 'admin' ? {} : { status: 403, headers: { 'content-type': 'application/json' }, body: '{}' },
})
