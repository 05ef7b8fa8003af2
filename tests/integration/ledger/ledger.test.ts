import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openLedger, type CountedTo, type Ledger } from '../../../electron/ledger'
import { migrations } from '../../../electron/ledger/migrations'
import { openDatabase } from '../../../electron/storage/database'
import { handClock } from '../../support/hand-clock'
import { bundlePrograms, temporaryFolder } from '../../support/programs'

const failed = (error: unknown) => {
  throw error
}

const amina = { account: 'amina', key: 'k1' }
const to = (more: Partial<CountedTo> = {}): CountedTo => ({
  ...{ account: 'amina', key: 'k1', service: 'comfyui', machine: 'local' },
  ...more,
})

const sumOf = (ledger: Ledger, account?: string) =>
  ledger.figures.read({ from: '2026-11-01', to: '2026-11-30', by: [], account })[0]

describe('owners', () => {
  it('what is noted is readable at once, what is not is nobody’s', async () => {
    await using folder = await temporaryFolder()
    const ledger = await openLedger({ file: path.join(folder.path, 'gateway.db'), failed })
    expect(ledger.owners.note('comfyui', 'prompt', 'p1', amina)).toBe(true)
    expect(ledger.owners.of('comfyui', 'prompt', 'p1')).toEqual(amina)
    for (const [service, what, id] of [
      ['comfyui', 'prompt', 'p2'],
      ['comfyui', 'file', 'p1'],
      ['forge', 'prompt', 'p1'],
    ] as const)
      expect(ledger.owners.of(service, what, id)).toBeNull()
    ledger.close()
  })

  it('nobody takes a prompt by naming it again; a file is its last writer’s', async () => {
    await using folder = await temporaryFolder()
    const ledger = await openLedger({ file: path.join(folder.path, 'gateway.db'), failed })
    const jonas = { account: 'jonas', key: null }
    ledger.owners.note('comfyui', 'prompt', 'p1', amina)
    ledger.owners.note('comfyui', 'file', 'a.png', amina)
    expect(ledger.owners.note('comfyui', 'prompt', 'p1', jonas)).toBe(false)
    expect(ledger.owners.note('comfyui', 'prompt', 'p1', { ...amina, key: 'k2' })).toBe(true)
    expect(ledger.owners.note('comfyui', 'file', 'a.png', jonas)).toBe(true)
    expect(ledger.owners.of('comfyui', 'prompt', 'p1')).toEqual(amina)
    expect(ledger.owners.idsOf('comfyui', 'file', 'amina')).toEqual([])
    expect(ledger.owners.idsOf('comfyui', 'file', 'jonas')).toEqual(['a.png'])
    ledger.owners.note('comfyui', 'prompt', 'p2', jonas)
    ledger.owners.note('comfyui', 'file', 'folded/input/x/a.png', jonas)
    const isBelow = (begin: string, account: string) => ledger.owners.othersBelow('comfyui', 'file', begin, account)
    expect([isBelow('folded/input/', 'jonas'), isBelow('folded/input/', 'amina')]).toEqual([false, true])
    expect([isBelow('folded/input/x/', 'amina'), isBelow('folded/input/xx/', 'amina')]).toEqual([true, false])
    ledger.owners.forgetAccount('jonas')
    // It is nobody's: not for all, and nobody gets it by naming it, not even one of the same id.
    expect(ledger.owners.of('comfyui', 'prompt', 'p2')).toEqual({ account: '', key: null })
    for (const account of ['jonas', 'noah'])
      expect(ledger.owners.note('comfyui', 'prompt', 'p2', { account, key: null })).toBe(false)
    expect(ledger.owners.idsOf('comfyui', 'prompt', 'jonas')).toEqual([])
    expect(ledger.owners.of('comfyui', 'file', 'a.png')).toEqual({ account: '', key: null })
    expect(isBelow('folded/input/', 'jonas')).toBe(true)
    ledger.close()
  })
})

describe('figures', () => {
  it('are summed as asked, with what was counted a moment ago, and months lie wholly within or not at all', async () => {
    await using folder = await temporaryFolder()
    const ledger = await openLedger({ file: path.join(folder.path, 'gateway.db'), failed })
    const { figures } = ledger
    figures.add('2026-10-31', to(), { requests: 7 })
    figures.add('2026-11-01', to(), { requests: 1, jobs: 1, gpuMs: 1500.4 })
    figures.add('2026-11-30', to({ account: 'jonas', key: null }), { requests: 2, unknownJobs: 1 })
    figures.add('2026-11-30', to({ service: 'forge' }), { requests: 4 })
    expect(sumOf(ledger)).toMatchObject({ account: null, requests: 7, jobs: 1, gpuMs: 1500, unknownJobs: 1 })
    expect(sumOf(ledger, 'jonas')).toMatchObject({ requests: 2 })
    expect(sumOf(ledger, 'nobody')).toBeUndefined()
    const rows = figures.read({ from: '2026-11-01', to: '2026-11-30', by: ['account', 'key', 'service'] })
    expect(rows.map(({ account, key, service, requests }) => [account, key, service, requests])).toEqual([
      ['amina', 'k1', 'comfyui', 1],
      ['amina', 'k1', 'forge', 4],
      ['jonas', null, 'comfyui', 2],
    ])

    figures.dropDaysBefore('2026-11-01')
    figures.dropDaysBefore('2026-11-01')
    const october = (from: string, until: string) =>
      figures.read({ from, to: until, by: ['period'] }).map(({ period, requests }) => [period, requests])
    expect(october('2026-10-01', '2026-10-31')).toEqual([['2026-10', 7]])
    expect(october('2026-10-02', '2026-10-31')).toEqual([])
    expect(october('2026-10-01', '2026-10-30')).toEqual([])
    expect(october('2026-10-01', '2026-11-01')).toEqual([
      ['2026-10', 7],
      ['2026-11-01', 1],
    ])
    ledger.close()
  })

  it('are written within a second, and what fails to be written is tried again', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'gateway.db')
    const errors: unknown[] = []
    const clock = handClock(1000)
    const ledger = await openLedger({ file, failed: (error) => errors.push(error), clock })
    const other = await openDatabase(file, migrations)
    const written = () => other.database.prepare('SELECT count(*) AS n FROM usage').get()
    ledger.figures.add('2026-11-27', to(), { requests: 1 })
    ledger.idleTimes.note('forge', { idleMs: 12_000.4, at: 1000, isUnloaded: true })
    ledger.idleTimes.note('gone', { idleMs: 1, at: 1000, isUnloaded: false })
    ledger.idleTimes.forget('gone')
    ledger.keyUse.note('k1', { at: 5, from: '10.0.0.7', client: 'webuiapi 0.9', serviceId: 'forge' })
    clock.moveTo(1999)
    expect(written()).toMatchObject({ n: 0 })
    other.database.exec('ALTER TABLE key_use RENAME TO away')
    clock.moveTo(2000)
    expect(errors).toHaveLength(1)
    expect(written()).toMatchObject({ n: 0 })
    other.database.exec('ALTER TABLE away RENAME TO key_use')
    clock.moveTo(3000)
    // Its day, and its month.
    expect(written()).toMatchObject({ n: 2 })
    other.database.close()
    ledger.close()
    const again = await openLedger({ file, failed })
    expect(sumOf(again)).toMatchObject({ requests: 1 })
    expect(again.keyUse.of('k1')).toMatchObject({ from: '10.0.0.7', client: 'webuiapi 0.9' })
    expect(again.keyUse.of('k2')).toBeNull()
    expect(again.idleTimes.of('forge')).toEqual({ idleMs: 12_000, at: 1000, isUnloaded: true })
    expect(again.idleTimes.of('gone')).toBeNull()
    again.close()
  })
})

describe('jobs that have ended', () => {
  it('are kept, the last 20 of each person, with the newest first', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'gateway.db')
    const ledger = await openLedger({ file, failed })
    const job = (n: number, account: string) => ({
      ...{ service: 'comfyui', id: `${account} ${n}`, account, key: null, begunAt: n, endedAt: n + 1 },
      state: 'succeeded' as const,
    })
    for (let n = 0; n < 30; n++) ledger.pastJobs.note(job(n, 'amina'))
    ledger.pastJobs.note(job(7, 'jonas'))
    ledger.close()
    const again = await openLedger({ file, failed })
    expect(again.pastJobs.of('amina')).toEqual(Array.from({ length: 20 }, (_, n) => job(29 - n, 'amina')))
    expect(again.pastJobs.of('jonas')).toEqual([job(7, 'jonas')])
    again.pastJobs.note(job(8, 'jonas'))
    again.pastJobs.forgetAccount('jonas')
    expect(again.pastJobs.of('jonas')).toEqual([])
    again.pastJobs.note({ ...job(30, 'amina'), state: 'cancelled' })
    expect(again.pastJobs.of('amina')).toMatchObject([
      { state: 'cancelled' },
      ...Array.from({ length: 19 }, () => ({ state: 'succeeded' })),
    ])
    again.close()
  })
})

describe('the file', () => {
  it('holds everything by itself, and is its owner’s alone, after an orderly end', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'gateway.db')
    const ledger = await openLedger({ file, failed })
    ledger.figures.add('2026-11-27', to(), { requests: 1 })
    ledger.close()
    expect(statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0).toBe(0)
    if (process.platform !== 'win32') expect(statSync(file).mode & 0o077).toBe(0)
  })

  it('that cannot be read is kept aside, and told', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'gateway.db')
    writeFileSync(file, 'no database at all')
    const ledger = await openLedger({ file, failed })
    expect(ledger.notice).toMatchObject({ problem: 'ledger.moved-aside' })
    expect(readFileSync(String(ledger.notice?.params['kept']), 'utf8')).toBe('no database at all')
    ledger.close()
  })

  it('outlives a process that is killed: owners and jobs under way are there, and what was counted a second before', async () => {
    await using folder = await temporaryFolder()
    const file = path.join(folder.path, 'gateway.db')
    const built = await bundlePrograms({ ledger: 'electron/ledger/index.ts' })
    const script = `
      import { openLedger } from ${JSON.stringify(built.programs.ledger)}
      const ledger = await openLedger({ file: ${JSON.stringify(file)}, failed: console.error, everyMs: 20 })
      const to = ${JSON.stringify(to())}
      const key = { account: to.account, key: to.key }
      for (let n = 0; n < 200; n++) {
        ledger.figures.add('2026-11-27', to, { requests: 1 })
        ledger.owners.note('comfyui', 'prompt', 'p' + n, key)
      }
      setTimeout(() => {
        ledger.openJobs.begin({ service: 'comfyui', id: 'p0', ...key, machine: 'local', cards: 1, begunAt: 7 })
        ledger.figures.add('2026-11-27', to, { requests: 1000 })
        process.stdout.write('written')
        setInterval(() => undefined, 1000)
      }, 60)`
    const child = spawn(process.execPath, ['--input-type=module', '--eval', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(child.stdout, 'data')
    child.kill('SIGKILL')
    await once(child, 'close')
    await built.remove()

    const ledger = await openLedger({ file, failed })
    expect(ledger.owners.idsOf('comfyui', 'prompt', 'amina')).toHaveLength(200)
    expect(ledger.openJobs.all()).toMatchObject([{ id: 'p0', account: 'amina', cards: 1, begunAt: 7 }])
    expect([200, 1200]).toContain(sumOf(ledger)?.requests)
    ledger.close()
  })
})
