import type { SinkType } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import { bcryptLength, looksLikeHash } from '../compose/files/secrets'
import { bcryptHash } from '../credentials/secrets'
import { argumentKind, ownMeaning, type Meaning } from './own'

/** A file of the folder, read once. */
export interface ReadFile {
  /** Absolute. */
  path: string
  /** From the folder that is searched, with slashes. */
  shown: string
  modifiedAt: number
  bytes: Buffer
}

/** A value in a file. */
export interface Found {
  path: string
  shown: string
  modifiedAt: number | null
  /** Null: it stands where no sink can be, e.g. on a command line. */
  type: SinkType | null
  key: string | null
  line: number | null
  /** As its readers take it. Null: there is nothing to read. */
  value: string | null
  /** As it stands there, where its readers take it for something else. */
  written: string | null
  /** The user name that stands beside it. */
  username: string | null
  /** The Compose service in whose part of the file it stands. */
  service: string | null
  reasons: Reason[]
  /** Null: only its value may tell that it is a secret. */
  meaning: Meaning | null
}

export const isHash = (value: string | null): value is string => value !== null && bcryptHash.test(value)

/** Begins as a bcrypt hash and is too short for one. */
export const isCutHash = (value: string | null): value is string =>
  value !== null && looksLikeHash(value) && value.length < bcryptLength

/** What a value is compared by: the whole hash that was meant, where a reader would cut it. */
export const meantValue = ({ value, written }: Pick<Found, 'value' | 'written'>): string | null =>
  !isHash(value) && isHash(written) ? written : value

/** Shorter values are equal by chance. */
export const shortestTelling = 8

/** Nothing yet of what stands in a file. */
export const blankFound = ({ path, shown, modifiedAt }: ReadFile): Found => ({
  ...{ path, shown, modifiedAt, type: null, key: null, line: null, value: null, written: null },
  ...{ username: null, service: null, reasons: [], meaning: null },
})

/** What a login among arguments is, wherever it stands. */
export const ownPair = ({ username, password }: { username: string; password: string }) => ({
  value: password,
  written: null,
  username,
  meaning: ownMeaning(argumentKind, 'password'),
})
