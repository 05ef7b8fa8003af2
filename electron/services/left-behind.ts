import { readdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { endTree } from '../system/process-tree'
import { findRecordedRun, writeRunRecord } from './run-record'

/** How long a program may take to end by itself, in ms. */
const graceMs = 2_000

/** Programs that change things and must not go on without the panel: noted while they run. */
export interface LeftBehind {
  /** Notes a program that leads a process group of its own. */
  began(pid: number): Promise<void>
  ended(pid: number): Promise<void>
  /** Ends those that a killed panel left: what they still do would undo what this one puts in order. */
  clear(): Promise<void>
}

export function createLeftBehind(folder: string): LeftBehind {
  const placeOf = (name: string | number) => path.join(folder, String(name))
  return {
    began: (pid) => writeRunRecord(placeOf(pid), pid),
    ended: (pid) => rm(placeOf(pid), { recursive: true, force: true }),
    async clear() {
      // No folder, no runs.
      for (const name of await readdir(folder).catch(() => [])) {
        const pid = await findRecordedRun(placeOf(name))
        if (pid !== null) await endTree(pid, graceMs)
        await rm(placeOf(name), { recursive: true, force: true })
      }
    },
  }
}
