import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { mkdir, readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import * as z from 'zod'
import { writeFileAtomic } from '../storage/files'
import { readStat } from '../system/process-tree'

/** Which process a service is, so that a later run of the panel can end it, and never another that got its number. */
const RunRecord = z.object({ pid: z.number().int().positive(), identity: z.string().min(1) })
export type RunRecord = z.infer<typeof RunRecord>

const fileOf = (folder: string) => path.join(folder, 'run.json')

const ask = async (program: string, args: string[]): Promise<string | null> => {
  try {
    const { stdout } = await promisify(execFile)(program, args, { timeout: 10_000, windowsHide: true })
    return stdout.trim() || null
  } catch {
    return null
  }
}

/**
 * What tells a process from any other that has or had the same pid: when it started (and in which boot). `null` when
 * there is no such process, or when the system does not say.
 */
export async function processIdentity(pid: number): Promise<string | null> {
  if (process.platform === 'linux') {
    const stat = readStat(pid)
    return stat && `${readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim()}:${stat.startTicks}`
  }
  if (process.platform === 'win32') {
    const command = `(Get-Process -Id ${pid} -ErrorAction Stop).StartTime.ToFileTimeUtc()`
    return ask('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', command])
  }
  return ask('ps', ['-o', 'lstart=', '-p', String(pid)])
}

/** Notes which process a service is now. */
export async function writeRunRecord(folder: string, pid: number): Promise<void> {
  const identity = await processIdentity(pid)
  if (identity === null) return
  await mkdir(folder, { recursive: true })
  await writeFileAtomic(fileOf(folder), JSON.stringify({ pid, identity } satisfies RunRecord))
}

export const removeRunRecord = (folder: string) => rm(fileOf(folder), { force: true })

/** The pid of the process that was noted, if that very process still lives; else `null`. */
export async function findRecordedRun(folder: string): Promise<number | null> {
  // A note that cannot be read names no process: none is ended on a guess.
  const text = await readFile(fileOf(folder), 'utf8').catch(() => null)
  if (text === null) return null
  const record = RunRecord.safeParse(parseJson(text))
  if (!record.success) return null
  return (await processIdentity(record.data.pid)) === record.data.identity ? record.data.pid : null
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
