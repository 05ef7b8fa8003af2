import type { Reason } from '../../shared/problems'
import type { HistoryRead } from './history'
import type { PatternMemory } from './patterns'
import type { FileMatch, Skipped } from './read-file'

/** What a scanning thread begins with. */
export interface LeakWorkerData {
  memory: PatternMemory
}

export type LeakTask = { id: number; type: 'files'; files: string[] } | { id: number; type: 'history'; folder: string }

/** `stop`: end what runs, git's programs too. */
export type LeakOrder = LeakTask | { type: 'stop' }

export interface FilesRead {
  found: FileMatch[]
  skipped: Skipped[]
}

export type LeakAnswer =
  | { type: 'progress'; id: number; items: number; bytes: number }
  | ({ type: 'files'; id: number } & FilesRead)
  | ({ type: 'history'; id: number } & HistoryRead)
  /** An expected failure. */
  | { type: 'failed'; id: number; reason: Reason }
  /** Anything else: its words, without what it was about. */
  | { type: 'broken'; id: number; error: string }
  | { type: 'stopped' }
