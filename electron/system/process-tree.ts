import { execFile, spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { promisify } from 'node:util'

// Used by the guardian too, which is a program of its own: node's own modules only.

export interface ProcessRow {
  pid: number
  ppid: number
  pgid: number
}

/** Reads one line of `/proc/<pid>/stat` (proc(5)); null for a zombie. The name may hold blanks and parentheses. */
export function parseStat(text: string): (ProcessRow & { startTicks: string }) | null {
  const pid = Number.parseInt(text, 10)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [state, ppid, pgid] = fields
  const startTicks = fields[19]
  if (!Number.isInteger(pid) || startTicks === undefined || state === 'Z' || state === 'X') return null
  return { pid, ppid: Number(ppid), pgid: Number(pgid), startTicks }
}

/** What `/proc` tells of a living process; null when there is none (or no `/proc`). */
export function readStat(pid: number) {
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'latin1'))
  } catch {
    return null
  }
}

/** Reads `ps -A -o pid=,ppid=,pgid=,stat=`, leaving out zombies. */
export function parsePs(text: string): ProcessRow[] {
  return text.split('\n').flatMap((line) => {
    const [pid, ppid, pgid, state] = line.trim().split(/\s+/)
    if (state === undefined || state.startsWith('Z')) return []
    return [{ pid: Number(pid), ppid: Number(ppid), pgid: Number(pgid) }]
  })
}

/** Every living process of this machine (POSIX). */
async function processTable(): Promise<ProcessRow[]> {
  if (process.platform === 'linux')
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (readStat(Number(name)) ?? []) : []))
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { timeout: 5_000 })
  return parsePs(stdout)
}

/** The pids of a root's process group and of all its descendants, whatever group they moved to. */
export function treeOf(root: number, table: readonly ProcessRow[]): number[] {
  const found = new Set<number>()
  const children = new Map<number, ProcessRow[]>()
  for (const row of table) children.set(row.ppid, [...(children.get(row.ppid) ?? []), row])
  const add = (row: ProcessRow) => {
    if (found.has(row.pid)) return
    found.add(row.pid)
    for (const child of children.get(row.pid) ?? []) add(child)
  }
  for (const row of table) if (row.pid === root || row.pgid === root) add(row)
  return [...found]
}

const signalEach = (pids: Iterable<number>, signal: NodeJS.Signals) => {
  for (const pid of pids) {
    try {
      process.kill(pid, signal)
    } catch {
      // It has ended meanwhile.
    }
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/** Runs Windows' taskkill; its failure means that the process is gone or refuses, which the caller looks at. */
const taskkill = (args: string[]) =>
  new Promise<void>((resolve) => {
    const child = spawn('taskkill', args, { stdio: 'ignore', windowsHide: true })
    child.once('error', () => resolve())
    child.once('close', () => resolve())
  })

/** Whether a process has this pid now (on POSIX: or had it and was not yet reaped). */
export function exists(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** How long a killed process may take to disappear, in ms: after that it hangs in the kernel. */
const killPatienceMs = 3_000

/**
 * Ends a process, its group and its descendants: asks first (SIGTERM, or `taskkill /T`), and kills what still lives
 * after `graceMs`. Resolves to true when nothing is left. The pid must be the leader of its own group (spawned
 * `detached`) on POSIX.
 */
export async function endTree(root: number, graceMs: number): Promise<boolean> {
  if (process.platform === 'win32') {
    await taskkill(['/PID', String(root), '/T'])
    if (await gone(() => Promise.resolve(exists(root) ? [root] : []), graceMs)) return true
    await taskkill(['/PID', String(root), '/T', '/F'])
    return gone(() => Promise.resolve(exists(root) ? [root] : []), killPatienceMs)
  }
  // Remembered over the rounds: once its parent has ended, a process of another group is found no more.
  const known = new Set(treeOf(root, await processTable()))
  const left = async () => {
    const table = await processTable()
    for (const pid of treeOf(root, table)) known.add(pid)
    return table.map((row) => row.pid).filter((pid) => known.has(pid))
  }
  signalEach(known, 'SIGTERM')
  if (await gone(left, graceMs)) return true
  signalEach(await left(), 'SIGKILL')
  return gone(left, killPatienceMs)
}

async function gone(left: () => Promise<number[]>, patienceMs: number): Promise<boolean> {
  const end = performance.now() + patienceMs
  for (let wait = 5; ; wait = Math.min(wait * 2, 100)) {
    if ((await left()).length === 0) return true
    if (performance.now() > end) return false
    await sleep(wait)
  }
}

/**
 * Whether `pid` is `ancestor` or descends from it. Descent is known on Linux only, where `/proc` tells it for nothing;
 * elsewhere only the process itself counts.
 */
export function isAncestor(ancestor: number, pid: number): boolean {
  let current = pid
  for (let steps = 0; steps < 32 && current > 1; steps++) {
    if (current === ancestor) return true
    current = readStat(current)?.ppid ?? 0
  }
  return false
}
