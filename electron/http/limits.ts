import { largestExportBytes, procedures } from '../../shared/contract'

const mebibyte = 1024 * 1024

/**
 * The largest body that is read, in bytes, whichever door it comes through: REST, RPC over fetch (the desktop's too) or
 * a message of a WebSocket. `file`: what takes a file, with the form around it; `data`: everything else.
 */
export const bodyLimits = { data: mebibyte, file: largestExportBytes + mebibyte } as const

export type BodyKind = keyof typeof bodyLimits

const kinds = new Map<string, BodyKind>()

/** Which limit a call over RPC has, by its procedure, e.g. `vault/import`. */
export function bodyKindOf(procedure: string): BodyKind {
  const known = kinds.get(procedure)
  if (known) return known
  const there = procedures().find(({ name }) => name === procedure)
  if (!there) return 'data' // not remembered: anybody can make up names
  const kind = there.takesFile() ? 'file' : 'data'
  kinds.set(procedure, kind)
  return kind
}

/** What is said of a limit, in MiB. */
export const limitMiB = (kind: BodyKind): number => bodyLimits[kind] / mebibyte
