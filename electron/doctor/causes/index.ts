import { byteOrderMark, lineEnds, mangled } from './bytes'
import { otherCard } from './card'
import type { Cause } from './cause'
import { corsOrigin } from './cors'
import { wrongLayer } from './layer'
import { guestMode, noPassword, notProtected, pluginNotLoaded } from './open'
import { apiOff, noCredential, vaultLocked } from './panel'
import { notRunning, proxy, redirect, wrongPort } from './reach'
import { otherSecret, stale, userName } from './values'

export type { Cause, Look } from './cause'

/** Every known cause, in the order of the walk: of several that are proven, the first explains the others. */
export const causes: readonly Cause[] = [
  ...[notRunning, wrongPort, redirect, proxy],
  ...[pluginNotLoaded, noPassword, notProtected, apiOff],
  ...[noCredential, vaultLocked, corsOrigin],
  ...[mangled, lineEnds, byteOrderMark, wrongLayer, userName, stale, otherSecret, guestMode],
  otherCard,
]
