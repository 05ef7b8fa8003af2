import type { ServiceKind } from '../../shared/contract'
import { kindIds, kinds } from '../../shared/kinds'
import type { BackendTarget, ImageBackend, Sessions, Surface } from './backend'
import { comfyui } from './comfyui/kind'
import { forge } from './forge/kind'
import { forgeNeo } from './forge-neo/kind'
import type { Kind } from './kind'
import { provedSurfaces } from './proof'
import { defaultTiming, type BackendTiming } from './timing'

export * from './backend'
export { picturesIn } from './imported'
export type { ExposureRows, Kind } from './kind'
export { createAnswerReader } from './reading/reader'
export type { BackendTiming } from './timing'

/** Every kind of backend: one more is a folder, and a line here. */
const all: Record<ServiceKind, Kind> = { comfyui, forge, 'forge-neo': forgeNeo }

/** What a kind of service is. */
export const kindOf = (kind: ServiceKind): Kind => all[kind]

export const allKinds: readonly Kind[] = kindIds.map(kindOf)

/** The client of one service. Cheap: it opens nothing until it is asked. */
export const createBackend = (target: BackendTarget, timing: Partial<BackendTiming> = {}): ImageBackend =>
  kindOf(target.kind).createBackend(target, { ...defaultTiming, ...timing })

/** The surfaces of a kind that a credential protects. */
export const surfacesOf = (kind: ServiceKind): readonly Surface[] =>
  provedSurfaces(kinds[kind].scheme, kindOf(kind).surfaces)

/** The browser sessions of a kind of service, whose death a rotation may promise. */
export const sessionsOf = (kind: ServiceKind): Sessions => kindOf(kind).sessions
