import fc from 'fast-check'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { allFields, withoutField } from '../../../electron/gpu/fields'
import {
  createLineCutter,
  createSampleGrouper,
  longestLine,
  parseGpuRow,
  readNumber,
  readSlowedBy,
  readText,
  usualBusId,
  type GpuRow,
} from '../../../electron/gpu/parse-gpus'
import { GpuUuid, ServiceConfig } from '../../../shared/contract'
import { casesQuery, columns, rowsOf } from './samples'

// Outputs recorded in public issue threads, or written after recorded ones; ids shortened.
const usual = 'index,uuid,memory.total,memory.used,utilization.gpu,temperature.gpu,power.draw,name'
const workstation = `0, GPU-1a2b3c4d-0000-1111-2222-333344445555, 12288, 1034, 3, 41, 34.12, NVIDIA GeForce RTX 3080 Ti
1, GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff, 24576, 18211, 98, 67, 331.40, NVIDIA GeForce RTX 3090
`

test('a workstation with two cards reads number by number', () => {
  const rows = rowsOf(workstation, usual)

  expect(rows).toHaveLength(2)
  expect(rows[1]).toMatchObject({
    index: 1,
    uuid: 'GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff',
    name: 'NVIDIA GeForce RTX 3090',
    memoryTotalMiB: 24_576,
    memoryUsedMiB: 18_211,
    utilizationPct: 98,
    temperatureC: 67,
    powerW: 331.4,
  })
})

test('what was not asked for is unknown, not zero', () => {
  const [row] = rowsOf(workstation, usual)

  expect(row?.fanPct).toBeNull()
  expect(row?.clockSmMHz).toBeNull()
  expect(row?.pstate).toBeNull()
})

test('a header line is no row, and values with units read as without', () => {
  const output = `index, uuid, memory.total [MiB], memory.used [MiB], utilization.gpu [%], temperature.gpu, power.draw [W], name
0, GPU-1a2b3c4d-0000-1111-2222-333344445555, 12288 MiB, 1034 MiB, 3 %, 41, 34.12 W, NVIDIA GeForce RTX 3080 Ti`

  const rows = rowsOf(output, usual)

  expect(rows).toHaveLength(1)
  expect(rows[0]).toMatchObject({ memoryTotalMiB: 12_288, utilizationPct: 3, powerW: 34.12 })
})

test('a Windows card reads the same, line ends included', () => {
  const query = 'index,uuid,temperature.gpu,memory.used,memory.total,utilization.gpu,power.draw,power.limit,name'

  const row = parseGpuRow(
    '0, GPU-9d32xxxx, 46, 3332, 8192, 45, 13.22, 130.00, NVIDIA GeForce RTX 3050\r',
    columns(query),
  )

  expect(row).toMatchObject({ name: 'NVIDIA GeForce RTX 3050', temperatureC: 46, powerLimitW: 130 })
})

test('a laptop that knows neither fan nor power limit has them unknown', () => {
  const query =
    'index,uuid,memory.total,memory.used,utilization.gpu,temperature.gpu,power.draw,fan.speed,power.limit,name'

  const [row] = rowsOf(
    '0, GPU-77777777-1234-1234-1234-123412341234, 16384, 611, 0, 44, 15.02, [N/A], [N/A], NVIDIA GeForce RTX 3080 Ti Laptop GPU',
    query,
  )

  expect(row).toMatchObject({ fanPct: null, powerLimitW: null, utilizationPct: 0 })
})

test('a system with unified memory has its memory unknown', () => {
  const [row] = rowsOf('0, GPU-00000000-1111, [N/A], [N/A], 12, 48, 11.93, NVIDIA GB10', usual)

  expect(row).toMatchObject({ memoryTotalMiB: null, memoryUsedMiB: null, utilizationPct: 12, name: 'NVIDIA GB10' })
})

test('a card in MIG mode keeps its mode, has no utilisation, and its bus id is shortened', () => {
  const query = 'index,uuid,pci.bus_id,mig.mode.current,memory.total,memory.used,utilization.gpu,name'

  const rows = rowsOf(
    `0, GPU-9c73eb7b-0000-0000-0000-000000000000, 00000000:4F:00.0, Enabled, 81920, 45, [N/A], NVIDIA A100-SXM4-80GB
1, GPU-ad84fc8c-0000-0000-0000-000000000000, 00000000:52:00.0, Disabled, 81920, 0, 0, NVIDIA A100-SXM4-80GB`,
    query,
  )

  expect(rows[0]).toMatchObject({ migMode: 'Enabled', utilizationPct: null, busId: '0000:4f:00.0' })
  expect(rows[1]).toMatchObject({ migMode: 'Disabled', utilizationPct: 0 })
})

test.each([
  ['no driver', "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."],
  ['no devices', 'No devices were found'],
  ['a mismatch', 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.161'],
  ['a lost GPU', 'Unable to determine the device handle for GPU0: 0000:24:00.0: GPU is lost.  Reboot the system'],
  ['an unknown field', 'Field "cuda_version" is not a valid field to query.\n\n'],
  ['a warning', 'WARNING: infoROM is corrupted at gpu 0000:0B:00.0'],
])('the message of %s is no row', (_, output) => {
  expect(rowsOf(output, usual)).toEqual([])
})

test('a name with commas stays whole', () => {
  const [row] = rowsOf('0, GPU-1, 1, 1, 1, 1, 1.00, Card, 12 GB, passive', usual)

  expect(row?.name).toBe('Card, 12 GB, passive')
})

test.each([
  '[N/A]',
  'N/A',
  '[Not Supported]',
  '[Unknown Error]',
  '[GPU requires reset]',
  '[Insufficient Permissions]',
  '[GPU is lost]',
  '[Not Found]',
  'ERR!',
  '',
])('%s is a missing value', (spelling) => {
  expect(readNumber(spelling)).toBeNull()
  expect(readText(spelling)).toBeNull()
})

test('whatever a column holds, a number is a number and never invented', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const read = readNumber(text)
      expect(read === null || text.includes(String(Math.trunc(Math.abs(read)))[0] ?? '?')).toBe(true)
    }),
  )
})

const row = (index: number): GpuRow => ({
  ...(rowsOf(workstation, usual)[0] ?? expect.unreachable()),
  index,
})

test('a row with an index no higher than the last one begins a new sample', () => {
  const grouper = createSampleGrouper()

  const done = [0, 1, 0, 1, 1].map((index) => grouper.add(row(index))?.map((one) => one.index) ?? null)

  expect(done).toEqual([null, null, [0, 1], null, [0, 1]])
  expect(grouper.take()?.map((one) => one.index)).toEqual([1])
  expect(grouper.take()).toBeNull()
})

test('lines come out whole however the chunks are cut', () => {
  const text = workstation.replaceAll('\n', '\r\n')
  fc.assert(
    fc.property(fc.array(fc.nat(text.length)), (cuts) => {
      const cutter = createLineCutter()
      const places = [0, ...cuts.sort((a, b) => a - b), text.length]
      const lines = places.slice(1).flatMap((end, i) => cutter.push(text.slice(places[i], end)))
      expect(lines).toEqual(text.trimEnd().split('\r\n'))
    }),
  )
})

test('a last line without an end is given when the stream ends', () => {
  const cutter = createLineCutter()

  expect(cutter.push('No devices')).toEqual([])
  expect(cutter.push(' were found')).toEqual([])
  expect(cutter.rest()).toEqual(['No devices were found'])
})

test('a column that the driver does not know is dropped, but none without which a row says nothing', () => {
  const fewer = withoutField(allFields, 'mig.mode.current')

  expect(fewer?.map((field) => field.query)).not.toContain('mig.mode.current')
  expect(fewer).toHaveLength(allFields.length - 1)
  expect(withoutField(allFields, 'uuid')).toBeNull()
  expect(withoutField(allFields, 'cuda_version')).toBeNull()
})

test('why a clock is held down is asked by its new name, then by its old one, then not at all', () => {
  const isAsked = (fields: readonly { query: string }[] | null, name: string) =>
    fields?.some(({ query }) => query === name) ?? null
  const [now, before] = ['clocks_event_reasons.active', 'clocks_throttle_reasons.active'] as const
  expect([isAsked(allFields, now), isAsked(allFields, before)]).toEqual([true, false])
  const older = withoutField(allFields, now) ?? []
  expect([isAsked(older, now), isAsked(older, before), older.length]).toEqual([false, true, allFields.length])
  const oldest = withoutField(older, before)
  expect([isAsked(oldest, now), isAsked(oldest, before)]).toEqual([false, false])
})

test('only heat, the power supply’s brake and the hardware slow a card down; idling and a limit do not', () => {
  const read = (bits: number) => readSlowedBy(`0x${bits.toString(16).padStart(16, '0')}`)
  // Nothing, idle, a set clock, a power limit, its boost group, the display.
  for (const bits of [0, 0x1, 0x2, 0x4, 0x10, 0x100, 0x117]) expect(read(bits)).toEqual([])
  expect(read(0x20)).toEqual(['heat'])
  expect(read(0x48)).toEqual(['heat'])
  expect(read(0x88)).toEqual(['power-brake'])
  expect(read(0xec)).toEqual(['power-brake', 'heat'])
  expect(read(0x8)).toEqual(['hardware'])
  for (const words of ['[N/A]', '[Not Supported]', '', '4', '0x', '0xyz', `0x${'f'.repeat(17)}`])
    expect(readSlowedBy(words)).toBeUndefined()
  const query = 'index,uuid,memory.total,memory.used,clocks_event_reasons.active,name'
  const rows = rowsOf(
    '0, GPU-1a2b3c4d-0000-1111-2222-333344445555, 12288, 1034, 0x0000000000000068, NVIDIA GeForce RTX 3080 Ti',
    query,
  )
  expect(rows[0]?.slowedBy).toEqual(['heat'])
})

test('index and uuid come first and the name last, so that rows can be told from messages', () => {
  expect(allFields.slice(0, 2).map((field) => field.query)).toEqual(['index', 'uuid'])
  expect(allFields.at(-1)?.query).toBe('name')
})

const caseOf = (file: string) => readFileSync(path.join(import.meta.dirname, '../../cases/nvidia-smi', file), 'utf8')

test('a card that requires a reset is a card, with a warning and without readings', () => {
  const [card, ...others] = rowsOf(caseOf('requires-reset.csv'), casesQuery)

  expect(others).toEqual([])
  expect(card).toMatchObject({ memoryUsedMiB: 58_222, utilizationPct: null, temperatureC: null, pstate: null })
  expect(card?.warning).toMatchObject({
    problem: 'gpu.requires-reset',
    params: { gpu: 'NVIDIA RTX PRO 6000 Blackwell Workstation Edition (GPU 0)', index: 0 },
  })
})

test('a Jetson, whose UUID has no prefix, is one GPU with its values unknown and nothing wrong', () => {
  const [card, ...others] = rowsOf(caseOf('orin.csv'), casesQuery)

  expect(others).toEqual([])
  expect(card).toMatchObject({
    uuid: '54d0709b-558d-5a59-9c65-0c5fc14a21a4',
    name: 'Orin (nvgpu)',
    memoryTotalMiB: null,
    utilizationPct: null,
    busId: null,
  })
  expect(card?.warning).toBeUndefined()
})

test.each([
  ['[GPU requires reset]', 'gpu.requires-reset'],
  ['GPU requires reset', 'gpu.requires-reset'],
  ['[GPU is lost]', 'gpu.lost'],
  ['ERR!', 'gpu.reading-error'],
  ['[Unknown Error]', 'gpu.reading-error'],
  ['[Some Fault Nobody Knows]', 'gpu.reading-error'],
  ['[N/A]', undefined],
  ['[Not Supported]', undefined],
  ['[Insufficient Permissions]', undefined],
  ['', undefined],
  ['41', undefined],
])('%s in a cell is %s', (words, problem) => {
  const [card] = rowsOf(`0, GPU-1a2b3c4d, 12288, 1034, 3, ${words}, 34.12, Error Card`, usual)

  expect(card?.warning?.problem).toBe(problem)
})

test('the worst of several words is told, and an error names its columns', () => {
  const [worst] = rowsOf('0, GPU-1, 1, ERR!, [Unknown Error], [GPU requires reset], 1, Card', usual)
  const [named] = rowsOf('0, GPU-1, 1, 1, ERR!, 41, ERR!, Card', usual)

  expect(worst?.warning?.problem).toBe('gpu.requires-reset')
  expect(named?.warning?.params).toEqual({ gpu: 'Card (GPU 0)', words: 'ERR!', columns: 'utilization.gpu, power.draw' })
})

test.each([
  ['00000000:4F:00.0', '0000:4f:00.0'],
  ['0000:4F:00.0', '0000:4f:00.0'],
  ['4F:00.0', '0000:4f:00.0'],
  ['00000001:00:00.0', '0001:00:00.0'],
  ['00010000:01:00.0', '10000:01:00.0'],
])('the bus id %s is %s', (printed, usualOne) => {
  expect(usualBusId(printed)).toBe(usualOne)
})

test('whatever id nvidia-smi prints for a card can be chosen for a service, and nothing else', () => {
  const service = { id: 'a', kind: 'comfyui', runtime: 'external', url: 'http://127.0.0.1:8188' }
  for (const uuid of ['GPU-1a2b', 'MIG-GPU-1a2b/1/0', 'MIG-a686709d-0000', '54d0709b-558d-5a59-9c65-0c5fc14a21a4'])
    expect(ServiceConfig.safeParse({ ...service, gpuUuid: uuid }).success, uuid).toBe(true)
  for (const uuid of [
    '',
    '0',
    'all',
    'GPU-',
    'GPU-1 2',
    'GPU-1,GPU-2',
    'GPU-1\nX=1',
    '54d0709b',
    '$(id)',
    `GPU-${'1'.repeat(200)}`,
  ])
    expect(GpuUuid.safeParse(uuid).success, uuid).toBe(false)
})

test('output without a line end is kept to its beginning, and the next line is read', () => {
  const cutter = createLineCutter()
  const lines: string[] = []
  for (let mebibytes = 0; mebibytes < 8; mebibytes++) lines.push(...cutter.push('x'.repeat(1 << 20)))

  expect(lines).toEqual([])
  expect(cutter.push('\nNo devices were found\n')).toEqual(['x'.repeat(longestLine), 'No devices were found'])
})

test('lines of any length come out the same however the chunks are cut', () => {
  const lines = [longestLine - 1, longestLine, longestLine + 1, 3 * longestLine, 0, 5].map((length) =>
    'y'.repeat(length),
  )
  const text = lines.map((line) => `${line}\r\n`).join('')
  fc.assert(
    fc.property(fc.array(fc.nat(text.length), { maxLength: 12 }), (cuts) => {
      const cutter = createLineCutter()
      const places = [0, ...cuts.sort((a, b) => a - b), text.length]
      const found = places.slice(1).flatMap((end, i) => cutter.push(text.slice(places[i], end)))
      expect(found).toEqual(lines.map((line) => line.slice(0, longestLine)))
    }),
  )
})

test('a program that counts on for ever fills no memory', () => {
  const grouper = createSampleGrouper()
  let largest = 0

  for (let index = 0; index < 1_000; index++) largest = Math.max(largest, grouper.add(row(index))?.length ?? 0)

  expect(largest).toBe(256)
})

test('a card’s link, limits and memory errors are read by column; what the driver does not tell is unknown', () => {
  const query =
    'index,uuid,pcie.link.gen.current,pcie.link.gen.max,pcie.link.width.current,pcie.link.width.max,ecc.mode.current,' +
    'ecc.errors.corrected.volatile.total,ecc.errors.uncorrected.volatile.total,clocks.max.sm,clocks.max.memory,' +
    'power.default_limit,power.min_limit,power.max_limit,enforced.power.limit,clocks_event_reasons.active,name'
  const [server, consumer] = rowsOf(
    `0, GPU-1a2b3c4d-0000-1111-2222-333344445555, 1, 5, 16, 16, Enabled, 2, 0, 1980, 3201, 700.00, 200.00, 700.00, 650.00, 0x0000000000000004, NVIDIA H200
1, GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff, 4, 4, 8, 16, [N/A], [N/A], [N/A], 2100, 9751, 350.00, 100.00, 366.00, 350.00, 0x0000000000000060, NVIDIA GeForce RTX 3090
`,
    query,
  )

  expect(server?.hardware).toEqual({
    ...{ pcieGen: 1, pcieGenMax: 5, pcieWidth: 16, pcieWidthMax: 16, eccMode: 'Enabled', eccCorrected: 2 },
    ...{ eccUncorrected: 0, clockSmMaxMHz: 1980, clockMemMaxMHz: 3201, powerDefaultLimitW: 700 },
    ...{ powerMinLimitW: 200, powerMaxLimitW: 700, powerEnforcedLimitW: 650 },
  })
  expect(server?.clockReasons).toEqual(['power-limit'])
  expect(consumer?.hardware).toMatchObject({ pcieWidth: 8, eccMode: null, eccCorrected: null, eccUncorrected: null })
  // Bits 5 and 6: https://docs.nvidia.com/deploy/nvml-api/group__nvmlClocksEventReasons.html
  expect(consumer?.clockReasons).toEqual(['heat', 'heat-hardware'])
  expect(rowsOf(workstation, usual)[0]?.hardware).toBeUndefined()
})
