import type { HeaderRead } from './headers'

/** What the thread is asked. `hash`: no more bytes a second than `bytesPerS`. */
export type ModelTask =
  | { id: number; type: 'headers'; files: string[] }
  | { id: number; type: 'hash'; file: string; bytesPerS: number }
  | { id: number; type: 'stop' }

/** Null in place of a header: the file is gone, or cannot be read. */
export type ModelAnswer =
  | { id: number; type: 'headers'; headers: (HeaderRead | null)[] }
  | { id: number; type: 'progress'; bytes: number }
  | { id: number; type: 'hash'; sha256: string; bytes: number }
  | { id: number; type: 'stopped' }
  | { id: number; type: 'failed'; code: string }
