import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { countersQuestion, figuresOf, findPowerShell, parseCounters } from '../../../electron/gpu/host-counters'

const cases = path.join(import.meta.dirname, '../../cases/gpu-memory')

/** One row of what typeperf recorded, as the CIM class names its instances. */
function recorded(row: number) {
  const [head = '', ...rows] = readFileSync(path.join(cases, 'counters-llama-server.csv'), 'utf8').trim().split('\n')
  const cells = (line: string) => line.slice(1, -1).split('","')
  const values = cells(rows[row] ?? '')
  const columns = cells(head).map((name, at) => ({ name, value: Number(values[at]) }))
  const memory = columns.flatMap(({ name, value }) => {
    const instance = /GPU Process Memory\((.+)\)\\Dedicated Usage$/.exec(name)?.[1]
    return instance === undefined ? [] : [{ Name: instance, LocalUsage: null, DedicatedUsage: value }]
  })
  return { memory, programs: [{ Id: 26_768, ProcessName: 'llama-server' }] }
}

describe('Windows’ counters of GPU memory', () => {
  it('read the instances that were recorded', () => {
    const { memory, programs } = recorded(2)
    expect(memory).toHaveLength(2)
    const read = parseCounters(JSON.stringify({ memory, cards: [], programs }))
    expect(read?.rows).toEqual([
      { pid: 26_768, luid: '16058', mib: 670_892_032 / 2 ** 20, name: 'llama-server' },
      { pid: 26_768, luid: '190bd', mib: 118_784 / 2 ** 20, name: 'llama-server' },
    ])
  })

  it('count what lies on the card, not what was promised', () => {
    const memory = { Name: 'pid_1_luid_0x00000000_0x000095CA_phys_0', LocalUsage: 2 ** 20, DedicatedUsage: 2 ** 30 }
    expect(parseCounters(JSON.stringify({ memory, cards: null, programs: [] }))?.rows).toMatchObject([{ mib: 1 }])
  })

  it('take a list of one, of none, and texts for large numbers, as PowerShell writes them', () => {
    const one = { Name: 'pid_1_luid_0x00000001_0x00000002_phys_0', LocalUsage: '1048576', DedicatedUsage: 0 }
    const cards = { Description: 'NVIDIA GeForce RTX 3090', AdapterLuid: 4_294_967_298, DedicatedVideoMemory: null }
    expect(parseCounters(`\uFEFF${JSON.stringify({ memory: one, cards })}`)).toEqual({
      rows: [{ pid: 1, luid: '100000002', mib: 1, name: '' }],
      adapters: [{ luid: '100000002', name: 'NVIDIA GeForce RTX 3090', totalMiB: null }],
    })
    expect(parseCounters('{}')).toEqual({ rows: [], adapters: [] })
  })

  it.each(['', 'Get-CimInstance : Invalid class', '[]x', 'null', '"text"', '7'])('read no answer in %j', (text) => {
    expect(parseCounters(text)).toBeNull()
  })

  it('leave out what is no instance', () => {
    const memory = [
      { Name: '_Total', LocalUsage: 1 },
      { LocalUsage: 1 },
      7,
      { Name: 'pid_x_luid_0x0_0x1_phys_0', LocalUsage: 1 },
    ]
    expect(parseCounters(JSON.stringify({ memory }))?.rows).toEqual([])
  })

  const row = (pid: number, luid: string) => ({ pid, luid, mib: 100, name: 'x' })
  const adapter = (luid: string, name: string) => ({ luid, name, totalMiB: null })
  const card = (uuid: string, name: string, pids: number[] = []) => ({
    ...{ uuid, name, processes: pids.map((pid) => ({ pid })) },
  })

  it('belong to the card of the adapter’s name; an adapter of another maker is no card of nvidia-smi’s', () => {
    const counters = {
      rows: [row(1, 'a'), row(1, 'b')],
      adapters: [adapter('a', 'NVIDIA GeForce RTX 3090'), adapter('b', 'AMD Radeon(TM) Graphics')],
    }
    expect(figuresOf(counters, [card('GPU-1', 'NVIDIA GeForce RTX 3090')])).toEqual([
      { card: 'GPU-1', pid: 1, mib: 100, name: 'x' },
    ])
  })

  it('tell two cards of one name apart by the programs on them, and none where nothing tells', () => {
    const name = 'NVIDIA GeForce RTX 3090'
    const counters = { rows: [row(1, 'a'), row(2, 'b')], adapters: [adapter('a', name), adapter('b', name)] }
    const cards = [card('GPU-1', name, [2]), card('GPU-2', name, [1])]
    expect(figuresOf(counters, cards).map(({ card: uuid, pid }) => [uuid, pid])).toEqual([
      ['GPU-2', 1],
      ['GPU-1', 2],
    ])
    expect(figuresOf(counters, [card('GPU-1', name), card('GPU-2', name)])).toEqual([])
  })

  it('are asked by names that no language changes, in one question', () => {
    expect(countersQuestion).toContain('Win32_PerfFormattedData_GPUPerformanceCounters_GPUProcessMemory')
    expect(countersQuestion).not.toContain('Get-Counter')
  })

  it.each([
    [{ platform: 'win32', isWsl: false }, 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe'],
    [{ platform: 'linux', isWsl: true }, '/mnt/c/Windows/System32/WindowsPowerShell/v1.0/powershell.exe'],
    [{ platform: 'linux', isWsl: false }, null],
    [{ platform: 'darwin', isWsl: false }, null],
  ] as const)('on %j by %j', (machine, program) => {
    expect(findPowerShell(machine, {}, () => true)).toBe(program)
  })

  it('are not asked from WSL where Windows’ disk is not mounted', () => {
    expect(findPowerShell({ platform: 'linux', isWsl: true }, {}, () => false)).toBeNull()
  })
})
