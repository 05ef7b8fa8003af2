import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import * as z from 'zod'
import type { Machine } from '../system/machine'
import type { CounterFigure } from './holders'
import { smiEnvironment } from './smi'

/**
 * What Windows is asked: the names of CIM classes are the same in every language, those of counters are not. `LocalUsage`
 * is what lies in the card's memory; `DedicatedUsage` also counts what was promised. The registry tells which LUID is
 * which card, since Windows 10.
 */
export const countersQuestion = [
  "$ErrorActionPreference = 'SilentlyContinue'",
  '$memory = @(Get-CimInstance Win32_PerfFormattedData_GPUPerformanceCounters_GPUProcessMemory -Property Name, LocalUsage, DedicatedUsage | Where-Object { $_.LocalUsage -gt 0 -or $_.DedicatedUsage -gt 0 } | Select-Object Name, LocalUsage, DedicatedUsage)',
  "$cards = @(Get-ItemProperty 'HKLM:\\SOFTWARE\\Microsoft\\DirectX\\*' | Where-Object { $_.AdapterLuid } | Select-Object Description, AdapterLuid, DedicatedVideoMemory)",
  '$programs = @(Get-Process | Select-Object Id, ProcessName)',
  '@{ memory = $memory; cards = $cards; programs = $programs } | ConvertTo-Json -Depth 3 -Compress',
].join('; ')

/** ConvertTo-Json writes a list of one as its only member, and an empty one as nothing. */
const list = <Item extends z.ZodType>(item: Item) =>
  z
    .unknown()
    .prefault(null)
    .transform((value) => {
      const all: unknown[] = Array.isArray(value) ? value : [value]
      return all.flatMap((one) => item.safeParse(one).data ?? [])
    })

/** Numbers above 2^53 come as they are; some versions write 64-bit ones as texts. */
const Amount = z.union([z.number(), z.string().regex(/^\d+$/).transform(Number)])

const Answer = z.object({
  memory: list(z.object({ Name: z.string(), LocalUsage: Amount.nullish(), DedicatedUsage: Amount.nullish() })),
  cards: list(z.object({ Description: z.string(), AdapterLuid: Amount, DedicatedVideoMemory: Amount.nullish() })),
  programs: list(z.object({ Id: z.number().int(), ProcessName: z.string() })),
})

/** What each program holds on each of Windows' adapters. */
export interface HostCounters {
  rows: { pid: number; luid: string; mib: number; name: string }[]
  adapters: { luid: string; name: string; totalMiB: number | null }[]
}

/** `pid_1234_luid_0x00000000_0x000095CA_phys_0`: high and low half of the adapter's LUID. */
function readInstance(name: string): { pid: number; luid: string } | null {
  const [, pid, high, low] =
    /^pid_(\d+)_luid_0x([0-9a-f]{1,8})_0x([0-9a-f]{1,8})(?:_phys_\d+)?$/i.exec(name.trim()) ?? []
  if (pid === undefined || high === undefined || low === undefined) return null
  return { pid: Number(pid), luid: luidOf(BigInt(`0x${high}`), BigInt(`0x${low}`)) }
}

const luidOf = (high: bigint, low: bigint) => ((high << 32n) | low).toString(16)

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}

/** Reads what PowerShell printed; null where that is no answer to the question. */
export function parseCounters(text: string): HostCounters | null {
  const read = Answer.safeParse(jsonOf(text.replace(/^\uFEFF/, '').trim()))
  if (!read.success) return null
  const { memory, cards, programs } = read.data
  const names = new Map(programs.map(({ Id, ProcessName }) => [Id, ProcessName]))
  return {
    rows: memory.flatMap(({ Name, LocalUsage, DedicatedUsage }) => {
      const instance = readInstance(Name)
      const bytes = LocalUsage ?? DedicatedUsage ?? 0
      return instance ? [{ ...instance, mib: bytes / 2 ** 20, name: names.get(instance.pid) ?? '' }] : []
    }),
    adapters: cards.map(({ Description, AdapterLuid, DedicatedVideoMemory }) => ({
      luid: BigInt(Math.trunc(AdapterLuid)).toString(16),
      name: Description,
      totalMiB: DedicatedVideoMemory == null ? null : DedicatedVideoMemory / 2 ** 20,
    })),
  }
}

interface KnownCard {
  uuid: string
  name: string
  processes: readonly { pid: number }[]
}

/**
 * Which of nvidia-smi's cards each of Windows' adapters is: the only one of its name, else the one on which most of the
 * programs are that nvidia-smi names there. Two cards of one name that no program tells apart stay unknown.
 */
export function figuresOf({ rows, adapters }: HostCounters, cards: readonly KnownCard[]): CounterFigure[] {
  const cardOf = (luid: string): string | null => {
    const name = adapters.find((one) => one.luid === luid)?.name
    const sameName = name === undefined ? cards : cards.filter((card) => card.name === name)
    const [only] = sameName
    if (name !== undefined && sameName.length <= 1) return only?.uuid ?? null
    const pids = new Set(rows.filter((row) => row.luid === luid).map(({ pid }) => pid))
    const counts = sameName.map(({ uuid, processes }) => ({
      uuid,
      count: processes.filter(({ pid }) => pids.has(pid)).length,
    }))
    const [best, next] = counts.sort((a, b) => b.count - a.count)
    return best && best.count > 0 && best.count > (next?.count ?? 0) ? best.uuid : null
  }
  const known = new Map([...new Set(rows.map(({ luid }) => luid))].map((luid) => [luid, cardOf(luid)]))
  return rows.flatMap(({ luid, pid, mib, name }) => {
    const card = known.get(luid) ?? null
    return card === null ? [] : [{ card, pid, mib, name }]
  })
}

/** Where PowerShell is: on Windows, and from Linux under Windows; null where there is none. */
export function findPowerShell(
  { platform, isWsl }: Pick<Machine, 'platform' | 'isWsl'>,
  env: NodeJS.ProcessEnv = process.env,
  exists: (file: string) => boolean = existsSync,
): string | null {
  const inSystem = ['System32', 'WindowsPowerShell', 'v1.0', 'powershell.exe']
  if (platform === 'win32') return path.win32.join(env['SystemRoot'] ?? 'C:\\Windows', ...inSystem)
  const mounted = path.posix.join('/mnt/c/Windows', ...inSystem)
  return isWsl && exists(mounted) ? mounted : null
}

/** Asks Windows once; null where it could not be learnt. */
export function askCounters(program: string, signal: AbortSignal): Promise<HostCounters | null> {
  const options = { env: smiEnvironment(), timeout: 20_000, maxBuffer: 8 * 2 ** 20, signal, windowsHide: true }
  const flags = ['-NoProfile', '-NonInteractive', '-Command', countersQuestion]
  return new Promise((resolve) => {
    execFile(program, flags, options, (error, stdout) => resolve(error ? null : parseCounters(stdout)))
  })
}
