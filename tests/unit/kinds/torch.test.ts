import fc from 'fast-check'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { chooseTorch, forgeTorch, torchByCard, type Card, type TorchChoice } from '../../../electron/kinds/torch'
import { casesQuery, rowsOf } from '../gpu/samples'

const torch = torchByCard('2.14.1')
const card = (computeCapability: string | null, driverVersion: string | null): Card => ({
  name: 'Card',
  computeCapability,
  driverVersion,
})
/** A choice in one word: the build, with `?` where something was assumed, or the reason of the refusal. */
const word = (choice: TorchChoice): string =>
  'refused' in choice ? choice.refused.problem : `${choice.build?.id ?? 'cpu'}${choice.warning ? '?' : ''}`
const onLinux = (capability: string | null, driver: string | null) =>
  word(chooseTorch(torch, card(capability, driver), 'linux'))

describe('the build of PyTorch', () => {
  test.each([
    ['RTX 5090', '12.0', '580.95.05', 'cu130'],
    ['RTX 5090', '12.0', '595.58.03', 'cu130'],
    ['RTX 5090', '12.0', '575.57.08', 'stacks.driver-too-old'],
    ['RTX 5090', '12.0', '580.1', 'stacks.driver-too-old'],
    ['a card of tomorrow', '13.1', '620.10', 'cu130'],
    ['GB10', '12.1', '580.95.05', 'cu130'],
    ['H100', '9.0', '580.65.06', 'cu130'],
    ['H100', '9.0', '550.54.14', 'stacks.driver-too-old'],
    ['RTX 4090', '8.9', '580.65.06', 'cu130'],
    ['RTX 4090', '8.9', '550.54.14', 'cu126'],
    ['RTX 3090', '8.6', '550.54.14', 'cu126'],
    ['RTX 3090', '8.6', '525.60.13', 'cu126'],
    ['RTX 3090', '8.6', '525.60.11', 'stacks.driver-too-old'],
    ['RTX 2080 Ti', '7.5', '580.65.06', 'cu130'],
    ['V100', '7.0', '580.65.06', 'cu126'],
    ['GTX 1080 Ti', '6.1', '580.95.05', 'cu126'],
    ['GTX 1080 Ti', '6.1', '470.256.02', 'stacks.driver-too-old'],
    ['GTX 750 Ti', '5.0', '560.35.03', 'cu126'],
    ['GTX 780', '3.5', '470.256.02', 'stacks.card-too-old'],
  ])('for a %s (%s) with driver %s is %s', (_, capability, driver, expected) => {
    expect(onLinux(capability, driver)).toBe(expected)
  })

  test('counts drivers as Windows numbers them, under WSL2 too', () => {
    expect(word(chooseTorch(torch, card('8.6', '528.24'), 'windows'))).toBe('stacks.driver-too-old')
    expect(word(chooseTorch(torch, card('8.6', '528.33'), 'windows'))).toBe('cu126')
    expect(word(chooseTorch(torch, card('12.0', '580.88'), 'windows'))).toBe('cu130')
  })

  test('is that of the processor where no GPU is chosen', () => {
    expect(word(chooseTorch(torch, null, 'linux'))).toBe('cpu')
    expect(word(chooseTorch(forgeTorch, null, 'linux'))).toBe('cu121')
  })

  test.each([
    [null, '580.95.05', 'cu130?'],
    [null, '550.54.14', 'cu126?'],
    [null, null, 'cu130?'],
    ['8.6', null, 'cu130?'],
    ['6.1', null, 'cu126?'],
    ['12.0', null, 'cu130?'],
    ['[N/A]', '[N/A]', 'cu130?'],
    // No build starts with such a driver, whatever the card is.
    [null, '470.256.02', 'stacks.driver-too-old'],
    ['3.5', null, 'stacks.card-too-old'],
  ])('where %s and %s are told is %s: what is unknown is assumed and said', (capability, driver, expected) => {
    expect(onLinux(capability, driver)).toBe(expected)
  })

  test('a refusal says which driver would do', () => {
    const choice = chooseTorch(torch, { name: 'RTX 5090', computeCapability: '12.0', driverVersion: '570.86' }, 'linux')
    expect('refused' in choice && choice.refused.params).toEqual({
      name: 'RTX 5090',
      driver: '570.86',
      needed: '580',
      cuda: '13.0',
    })
    expect('refused' in choice && choice.refused.hint).toContain('580')
  })

  test('Forge’s own has no code for Blackwell, and says what to take instead', () => {
    expect(word(chooseTorch(forgeTorch, card('12.0', '580.95.05'), 'linux'))).toBe('stacks.card-too-new')
    expect(word(chooseTorch(forgeTorch, card('8.9', '535.183.01'), 'linux'))).toBe('cu121')
    expect(word(chooseTorch(forgeTorch, card('9.0', '535.183.01'), 'linux'))).toBe('cu121')
  })
})

// The samples of the reference for parsers: none tells the compute capability, as drivers before 2021 do not.
const usual = 'index,uuid,memory.total,memory.used,utilization.gpu,temperature.gpu,power.draw,name'
const samples: [name: string, rows: number, query: string, output: string][] = [
  [
    'A',
    2,
    usual,
    '0, GPU-1a2b3c4d-0000-1111-2222-333344445555, 12288, 1034, 3, 41, 34.12, NVIDIA GeForce RTX 3080 Ti\n1, GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff, 24576, 18211, 98, 67, 331.40, NVIDIA GeForce RTX 3090',
  ],
  [
    'C',
    1,
    'index,uuid,memory.total,memory.used,utilization.gpu,temperature.gpu,power.draw,fan.speed,power.limit,name',
    '0, GPU-77777777-1234-1234-1234-123412341234, 16384, 611, 0, 44, 15.02, [N/A], [N/A], NVIDIA GeForce RTX 3080 Ti Laptop GPU',
  ],
  ['C, unified memory', 1, usual, '0, GPU-77777777, [N/A], [N/A], 12, 48, 11.93, NVIDIA GB10'],
  [
    'D',
    0,
    usual,
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.\n",
  ],
  ['E', 0, usual, 'No devices were found'],
  ['F', 0, usual, 'Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.161'],
  [
    'G',
    2,
    'index,uuid,pci.bus_id,mig.mode.current,memory.total,memory.used,utilization.gpu,name',
    '0, GPU-9c73eb7b-0000-0000-0000-000000000000, 00000000:4F:00.0, Enabled, 81920, 45, [N/A], NVIDIA A100-SXM4-80GB\n1, GPU-ad84fc8c-0000-0000-0000-000000000000, 00000000:52:00.0, Disabled, 81920, 0, 0, NVIDIA A100-SXM4-80GB',
  ],
  [
    'H',
    3,
    usual,
    '0, GPU-1a2b3c4d, 12288, 1034, 3, 41, 34.12, NVIDIA GeForce RTX 3080 Ti\n1, GPU-9f8e7d6c, 24576, 18211, 98, 67, 331.40, NVIDIA GeForce RTX 3090\nUnable to determine the device handle for GPU0: 0000:24:00.0: GPU is lost.  Reboot the system to recover this GPU\n1, GPU-9f8e7d6c, 24576, 18214, 97, 67, 330.02, NVIDIA GeForce RTX 3090',
  ],
  [
    'I',
    0,
    usual,
    'Failed to initialize NVML: GPU access blocked by the operating system\nFailed to properly shut down NVML: GPU access blocked by the operating system',
  ],
  ['J', 0, usual, 'Failed to initialize NVML: Unknown Error'],
  ['K', 0, usual, 'Field "cuda_version" is not a valid field to query.\n'],
  [
    'L',
    1,
    usual,
    '0, GPU-1a2b3c4d, 11264, 5, 0, 30, 8.11, NVIDIA GeForce RTX 2080 Ti\nWARNING: infoROM is corrupted at gpu 0000:0B:00.0',
  ],
]

describe('what nvidia-smi is known to print', () => {
  test.each(samples)(
    'sample %s: an unknown capability refuses nothing and is not claimed',
    (_, count, query, output) => {
      const rows = rowsOf(output, query)
      expect(rows).toHaveLength(count)
      for (const row of rows) {
        expect(row.computeCapability).toBeNull()
        expect(word(chooseTorch(torch, row, 'linux'))).toBe('cu130?')
      }
    },
  )

  test('sample B, of Windows: as asked for there', () => {
    const [row] = rowsOf('0, GPU-9d32aaaa, NVIDIA GeForce RTX 3050', 'index,uuid,name')
    expect(row && word(chooseTorch(torch, row, 'windows'))).toBe('cu130?')
  })

  const cases = path.join(import.meta.dirname, '../../cases/nvidia-smi')
  test.each(readdirSync(cases).filter((name) => /\.(?:csv|txt)$/.test(name)))('case %s', (name) => {
    const words = rowsOf(readFileSync(path.join(cases, name), 'utf8'), casesQuery).map((row) =>
      word(chooseTorch(torch, row, 'linux')),
    )
    expect(words).toEqual({ 'orin.csv': ['cu126?'], 'requires-reset.csv': ['cu130?'] }[name] ?? [])
  })

  test('a row that tells it is read with it', () => {
    const [row] = rowsOf(
      '0, GPU-1, 12.0, 580.95.05, NVIDIA GeForce RTX 5090',
      'index,uuid,compute_cap,driver_version,name',
    )
    expect(row).toMatchObject({ computeCapability: '12.0', driverVersion: '580.95.05' })
    expect(row && word(chooseTorch(torch, row, 'linux'))).toBe('cu130')
  })
})

test('whatever the pair: a build holds code for the card and starts with the driver, or there is a reason', () => {
  const part = fc.nat(20)
  const pair = fc.record({
    major: part,
    minor: fc.nat(9),
    driver: fc.integer({ min: 300, max: 700 }),
    patch: fc.nat(99),
  })
  fc.assert(
    fc.property(pair, ({ major, minor, driver, patch }) => {
      const choice = onLinux(`${major}.${minor}`, `${driver}.${patch}`)
      const capability = major + minor / 10
      if (capability < 5) expect(choice).toBe('stacks.card-too-old')
      else if (capability >= 7.5 && (driver > 580 || (driver === 580 && patch > 65))) expect(choice).toBe('cu130')
      else if (capability < 9 && driver > 525) expect(choice).toBe('cu126')
      else if (driver < 525 || (capability >= 9 && driver < 580)) expect(choice).toBe('stacks.driver-too-old')
    }),
  )
})

test('whatever is printed in place of a version, nothing is thrown', () => {
  fc.assert(
    fc.property(fc.option(fc.string()), fc.option(fc.string()), (capability, driver) => {
      expect(onLinux(capability, driver)).toMatch(/^(?:cu130|cu126|stacks\.)/)
    }),
  )
})
