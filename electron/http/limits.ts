import { largestExportBytes, procedures } from '../../shared/contract'

const mebibyte = 1024 * 1024

/**
 * The largest body that is read, in bytes, whichever door it comes through: REST, RPC over fetch (the desktop's too) or
 * a message of a WebSocket. `file`: what takes a file, with the form around it; `data`: everything else.
 */
export const bodyLimits = { data: mebibyte, file: largestExportBytes + mebibyte } as const

export type BodyKind = keyof typeof bodyLimits

let takingFiles: ReadonlySet<string> | undefined
const namesTakingFiles = () => procedures().flatMap(({ name, takesFile }) => (takesFile ? [name] : []))

/** Which limit a call over RPC has, by its procedure, e.g. `vault/import`. */
export const bodyKindOf = (procedure: string): BodyKind =>
  (takingFiles ??= new Set(namesTakingFiles())).has(procedure) ? 'file' : 'data'

/** What is said of a limit, in MiB. */
export const limitMiB = (kind: BodyKind): number => bodyLimits[kind] / mebibyte
