import { endTree, exists } from '../../system/process-tree'
import { findRecordedRun, processIdentity, removeRunRecord } from '../run-record'
import type { Run } from './runtime'

/** How often a process that is not our child is looked at, in ms: the system tells only parents when one ends. */
const lookMs = 1_000

/** The still living process that an earlier panel noted in `folder`, or `null`. */
export async function findRun(folder: string): Promise<Run | null> {
  const pid = await findRecordedRun(folder)
  if (pid === null) return null
  const identity = await processIdentity(pid)
  const isSame = async () => identity !== null && (await processIdentity(pid)) === identity
  // On Windows the identity costs a PowerShell; it is asked for before a kill, not every second.
  const isThere = () => (process.platform === 'win32' ? Promise.resolve(exists(pid)) : isSame())
  let onEnd: () => void = () => undefined
  const ended = new Promise<{ code: null; signal: null }>((resolve) => {
    onEnd = () => {
      clearInterval(timer)
      resolve({ code: null, signal: null })
    }
    const timer = setInterval(() => void isThere().then((there) => there || onEnd()), lookMs)
    timer.unref()
  })
  return {
    pid,
    ended,
    async stop(graceMs) {
      const clean = !(await isSame()) || (await endTree(pid, graceMs))
      if (clean) {
        await removeRunRecord(folder)
        onEnd()
      }
      return clean
    },
  }
}
