import { describe, expect, it } from 'vitest'
import { holdersOf, programName, type HolderFacts } from '../../../electron/gpu/holders'
import { namedMemory } from '../../../shared/cards'
import type { Gpu } from '../../../shared/contract'
import { cardOf } from '../../support/cards'

const nobody: HolderFacts = { services: [], counters: null, serviceOf: () => null, containerOf: () => null }

const processOf = (pid: number, memoryMiB: number | null, name = 'python', serviceId: string | null = null) => ({
  ...{ pid, memoryMiB, name, serviceId },
})

const card = (change: Partial<Gpu>): Gpu => cardOf({ uuid: 'GPU-1', memoryTotalMiB: 24_576, ...change })

describe('who holds a card’s memory', () => {
  it('names processes by service, by container, else by their program, largest first', () => {
    const gpu = card({
      memoryUsedMiB: 20_000,
      processes: [
        processOf(1, 388, '/usr/bin/python3'),
        processOf(2, 612, '/usr/lib/xorg/Xorg'),
        processOf(3, 17_604, '/venv/bin/python', 'comfyui'),
        processOf(4, 1_000, 'python3', 'forge'),
      ],
    })
    const facts = { ...nobody, containerOf: (pid: number) => (pid === 1 ? 'whisper' : null) }
    const holders = holdersOf(gpu, facts)
    expect(holders.map(({ kind, id, mib }) => [kind, id, mib])).toEqual([
      ['service', 'comfyui', 17_604],
      ['service', 'forge', 1_000],
      ['program', 'Xorg', 612],
      ['container', 'whisper', 388],
      ['rest', '', 396],
    ])
    expect(namedMemory([{ ...gpu, holders }])).toEqual({ usedMiB: 20_000, namedMiB: 19_604 })
  })

  it('tells a service’s context from its models where both are known', () => {
    const gpu = card({ memoryUsedMiB: 9_000, processes: [processOf(3, 9_000, 'python', 'comfyui')] })
    const facts = { ...nobody, services: [{ serviceId: 'comfyui', card: 'GPU-1', reservedMiB: 8_400 }] }
    expect(holdersOf(gpu, facts)).toMatchObject([{ id: 'comfyui', mib: 9_000, contextMiB: 600, from: 'process' }])
  })

  it('takes the services’ own word where no process tells what it holds, and leaves the rest with the names that are there', () => {
    const gpu = card({
      memoryUsedMiB: 13_642,
      processes: [
        processOf(1768, null, 'C:\\Windows\\System32\\dwm.exe'),
        processOf(8564, null, 'C:\\Windows\\explorer.exe'),
      ],
    })
    const facts = { ...nobody, services: [{ serviceId: 'comfyui', card: 'GPU-1', reservedMiB: 12_000 }] }
    expect(holdersOf(gpu, facts)).toEqual([
      { kind: 'service', id: 'comfyui', mib: 12_000, contextMiB: null, from: 'service', pids: [], names: [] },
      {
        ...{ kind: 'rest', id: '', mib: 1_642, contextMiB: null, from: 'rest', pids: [] },
        names: ['dwm', 'explorer'],
      },
    ])
  })

  it('counts no service of another card, and nothing twice', () => {
    const gpu = card({ memoryUsedMiB: 500, processes: [processOf(3, 500, 'python', 'comfyui')] })
    const facts = {
      ...nobody,
      services: [
        { serviceId: 'comfyui', card: 'GPU-1', reservedMiB: 400 },
        { serviceId: 'forge', card: 'GPU-2', reservedMiB: 9_000 },
      ],
    }
    expect(holdersOf(gpu, facts).map(({ id, mib }) => [id, mib])).toEqual([['comfyui', 500]])
  })

  describe('by Windows’ counters', () => {
    const counters = [
      { card: 'GPU-1', pid: 10, mib: 9_000, name: 'vmmemWSL' },
      { card: 'GPU-1', pid: 11, mib: 700, name: 'dwm' },
      { card: 'GPU-2', pid: 12, mib: 5_000, name: 'game' },
    ]
    const gpu = card({ memoryUsedMiB: 9_800 })

    it('gives what Linux under Windows holds beside its models to the one service in it, as its context', () => {
      const services = [{ serviceId: 'comfyui', card: 'GPU-1', reservedMiB: 8_400 }]
      const holders = holdersOf(gpu, { ...nobody, services, counters })
      expect(holders).toMatchObject([
        { kind: 'service', id: 'comfyui', mib: 9_000, contextMiB: 600, from: 'counter' },
        { kind: 'program', id: 'dwm', mib: 700, from: 'counter' },
        { kind: 'rest', mib: 100 },
      ])
    })

    it('keeps it apart where several services share it', () => {
      const services = [
        { serviceId: 'comfyui', card: 'GPU-1', reservedMiB: 5_000 },
        { serviceId: 'forge', card: 'GPU-1', reservedMiB: 3_000 },
      ]
      expect(holdersOf(gpu, { ...nobody, services, counters }).map(({ kind, id, mib }) => [kind, id, mib])).toEqual([
        ['service', 'comfyui', 5_000],
        ['service', 'forge', 3_000],
        ['wsl', 'WSL', 1_000],
        ['program', 'dwm', 700],
        ['rest', '', 100],
      ])
    })

    it('knows a service that runs in Windows itself by its process', () => {
      const own = [{ card: 'GPU-1', pid: 20, mib: 6_000, name: 'python' }]
      const services = [{ serviceId: 'comfyui', card: 'GPU-1', reservedMiB: 5_500 }]
      const facts = { ...nobody, services, counters: own, serviceOf: (pid: number) => (pid === 20 ? 'comfyui' : null) }
      expect(holdersOf(gpu, facts)).toMatchObject([
        { kind: 'service', id: 'comfyui', mib: 6_000, contextMiB: 500, pids: [20] },
        { kind: 'rest', mib: 3_800 },
      ])
    })
  })

  it('names no more than is used, whatever is told: for any processes and figures', () => {
    let seed = 7
    const next = (most: number) => (seed = (seed * 48_271) % 2_147_483_647) % most
    for (let round = 0; round < 500; round += 1) {
      const processes = Array.from({ length: next(6) }, (_, at) =>
        processOf(at, next(4) === 0 ? null : next(9_000), `program${next(3)}`, next(3) === 0 ? `s${next(2)}` : null),
      )
      const services = Array.from({ length: next(3) }, (_, at) => ({
        ...{ serviceId: `s${at}`, card: next(2) === 0 ? 'GPU-1' : 'GPU-2', reservedMiB: next(9_000) },
      }))
      const gpu = card({ memoryUsedMiB: next(30_000), processes })
      const holders = holdersOf(gpu, { ...nobody, services })
      const rest = holders.filter(({ kind }) => kind === 'rest')
      expect(holders.every(({ mib }) => mib > 0)).toBe(true)
      expect(rest.length).toBeLessThanOrEqual(1)
      if (rest.length > 0) expect(holders.reduce((sum, { mib }) => sum + mib, 0)).toBe(gpu.memoryUsedMiB)
      expect(new Set(holders.map(({ kind, id }) => `${kind} ${id}`)).size).toBe(holders.length)
    }
  })

  it.each([
    ['/usr/lib/xorg/Xorg', 'Xorg'],
    ['C:\\Windows\\System32\\dwm.exe', 'dwm'],
    ['...s\\Python\\Python310\\python.exe', 'python'],
    ['python3', 'python3'],
    ['/opt/google/chrome/chrome --type=gpu-process', 'chrome'],
    ['', ''],
  ])('calls %j %j', (path, name) => {
    expect(programName(path)).toBe(name)
  })
})
