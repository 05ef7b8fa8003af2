import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a process has used so far: CPU time in ms (user and system) and resident memory in MiB. */
export interface Usage {
  cpuMs: number
  rssMiB: number
}

/** Linux: clock ticks are 10 ms everywhere that node runs (USER_HZ is 100). */
async function fromProc(pid: number): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8')
  // The second field is the program's name in parentheses and may hold spaces.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const status = await readFile(`/proc/${pid}/status`, 'utf8')
  const rssKiB = Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1])
  return { cpuMs: (Number(fields[11]) + Number(fields[12])) * 10, rssMiB: rssKiB / 1024 }
}

async function fromPs(pid: number): Promise<Usage> {
  const { stdout } = await run('ps', ['-o', 'rss=,time=', '-p', String(pid)])
  const [rss = '', time = ''] = stdout.trim().split(/\s+/)
  // [[days-]hours:]minutes:seconds, with hundredths on macOS
  const seconds = time.split(/[-:]/).reduce((sum, part, index, parts) => {
    const factor = parts.length === 4 && index === 1 ? 24 : 60
    return sum * factor + Number(part)
  }, 0)
  return { cpuMs: seconds * 1000, rssMiB: Number(rss) / 1024 }
}

async function fromPowerShell(pid: number): Promise<Usage> {
  const command = `$p = Get-Process -Id ${pid}; "$($p.TotalProcessorTime.TotalMilliseconds.ToString([cultureinfo]::InvariantCulture)) $($p.WorkingSet64)"`
  const { stdout } = await run('powershell', ['-NoProfile', '-Command', command])
  const [cpuMs = '', bytes = ''] = stdout.trim().split(' ')
  return { cpuMs: Number(cpuMs), rssMiB: Number(bytes) / 2 ** 20 }
}

export function usageOf(pid: number): Promise<Usage> {
  if (process.platform === 'linux') return fromProc(pid)
  return process.platform === 'win32' ? fromPowerShell(pid) : fromPs(pid)
}
