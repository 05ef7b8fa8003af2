import { expect, test } from 'vitest'
import { cardOf, driverSystemOf, stackCards } from '../../../electron/stacks/cards'
import { templateOf } from '../../../electron/stacks/templates'
import { rowsOf } from '../gpu/samples'

const report = {
  gpus: rowsOf(
    '0, GPU-1, 6.1, 550.54.14, NVIDIA GeForce GTX 1080\n1, GPU-2, 12.0, 550.54.14, NVIDIA GeForce RTX 5090',
    'index,uuid,compute_cap,driver_version,name',
  ).map((row) => ({ ...row, processes: [] })),
}

test('each card of a machine is told what it would get, and what runs without one', () => {
  const cards = stackCards(templateOf('comfyui-qwen'), report, 'linux')
  expect(cards).toMatchObject([
    { gpuUuid: 'GPU-1', state: 'ok', pytorch: '2.14.1', cuda: '12.6', computeCapability: '6.1' },
    { gpuUuid: 'GPU-2', state: 'failed', cuda: null, reason: { problem: 'stacks.driver-too-old' } },
    { gpuUuid: null, state: 'ok', cuda: null, computeCapability: null, driverVersion: null },
  ])
})

test('a part of a card is not in the list: its capability is unknown, its driver is the machine’s', () => {
  const part = 'MIG-a686709d-0000'
  expect(cardOf(report, part)).toEqual({ name: part, computeCapability: null, driverVersion: '550.54.14' })
  expect(cardOf({ gpus: [] }, part)).toEqual({ name: part, computeCapability: null, driverVersion: null })
  expect(cardOf(report, null)).toBeNull()
})

test('the driver is counted as Windows’ on Windows and under WSL2', () => {
  expect(driverSystemOf({ platform: 'win32', isWsl: false, isContainer: false })).toBe('windows')
  expect(driverSystemOf({ platform: 'linux', isWsl: true, isContainer: false })).toBe('windows')
  expect(driverSystemOf({ platform: 'linux', isWsl: false, isContainer: true })).toBe('linux')
})
