import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { holdersOf } from '../../../electron/gpu/holders'
import { namedMemory } from '../../../shared/cards'
import { families, memoryReports, readTable, type Family } from '../../support/memory-reports'

const reports = memoryReports()

/** What has a name on all cards of these reports, in MiB. */
const shareOf = (some: typeof reports) =>
  namedMemory(some.flatMap(({ cards, facts }) => cards.map((card) => ({ ...card, holders: holdersOf(card, facts) }))))

const percent = (family: Family): number => {
  const { usedMiB, namedMiB } = shareOf(reports.filter((report) => report.family === family))
  return Math.round((1000 * namedMiB) / usedMiB) / 10
}

/** As docs/platforms.md and the README of the cases tell them. */
const told: Record<Family, number> = {
  ...{ linux: 99.1, container: 0, wsl2: 0, 'wsl2-said': 91.2, wddm: 0, 'wddm-said': 80.4, counters: 35.4 },
}

describe('how much of the memory has a name, by published reports', () => {
  it('is read whole: no card without its memory, and no card without its processes where there are some', () => {
    for (const { file, cards } of reports) {
      expect(cards.length, file).toBeGreaterThan(0)
      for (const { memoryUsedMiB } of cards) expect(memoryUsedMiB, file).not.toBeNull()
    }
    const machines = reports.filter(
      ({ family, cards }) => family === 'linux' && cards.some(({ processes }) => processes.length > 0),
    )
    expect(machines.length).toBeGreaterThanOrEqual(15)
  })

  it('is told by figure in the documents', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/platforms.md'), 'utf8')
    for (const family of families) expect(page).toContain(`${told[family]} %`)
  })

  it('is 95 % at least on Linux', () => {
    const { usedMiB, namedMiB } = shareOf(reports.filter(({ family }) => family === 'linux'))
    expect(namedMiB / usedMiB).toBeGreaterThanOrEqual(0.95)
  })

  it.each(families.map((family) => [family, told[family]] as const))('%s: %s %%, as it is told', (family, share) => {
    expect(percent(family)).toBe(share)
  })

  it('names no more than is used, and adds up to it', () => {
    for (const { file, cards, facts } of reports)
      for (const card of cards) {
        const sum = holdersOf(card, facts).reduce((all, { mib }) => all + mib, 0)
        expect(Math.abs(sum - (card.memoryUsedMiB ?? 0)), file).toBeLessThanOrEqual(1)
      }
  })

  it('every report stands in the README with its address', () => {
    const readme = readFileSync(path.resolve(import.meta.dirname, '../../cases/gpu-memory/README.md'), 'utf8')
    for (const { file } of reports) expect(readme).toContain(`\`${file}\``)
  })
})

describe('the table that nvidia-smi prints', () => {
  it('has names with spaces, processes of both generations, and those that tell nothing; who only draws is left out', () => {
    const text = [
      '|   0  NVIDIA RTX A3000 12GB La...    Off |   00000000:01:00.0 Off |                  N/A |',
      '| N/A   37C    P3             16W /   55W |    1500MiB /  12288MiB |     10%      Default |',
      '|    0   N/A  N/A            2645    C+G   C:\\Program Files\\Tetrd\\Tetrd.exe      N/A      |',
      '|    0      9275      C   python                                      1445MiB |',
      '|    0   N/A  N/A            2645      G   /usr/lib/xorg/Xorg                        4MiB |',
    ].join('\n')
    expect(readTable(text)).toMatchObject([
      {
        ...{ name: 'NVIDIA RTX A3000 12GB La...', memoryUsedMiB: 1500, memoryTotalMiB: 12_288 },
        processes: [
          { pid: 2645, name: 'C:\\Program Files\\Tetrd\\Tetrd.exe', memoryMiB: null },
          { pid: 9275, name: 'python', memoryMiB: 1445 },
        ],
      },
    ])
  })
})
