import type { ServiceKind } from '../../shared/contract'

/** A kind whose services are tormented: a variant reads its secrets as the one that it is a variant of. */
export type TornKind = Exclude<ServiceKind, 'forge-neo'>
