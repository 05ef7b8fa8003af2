import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { explainExitCode, readMessage } from '../../../electron/gpu/messages'

/** A Linux machine with a driver of its own. */
const plain = { isWsl: false, isContainer: false }
const wsl = { isWsl: true, isContainer: false }
const container = { isWsl: false, isContainer: true }

test.each([
  [
    "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver. Make sure that the latest NVIDIA driver is installed and running.",
    'absent',
    'gpu.driver-not-loaded',
  ],
  ['No devices were found', 'no-devices', 'gpu.no-devices'],
  ['Failed to initialize NVML: No supported GPUs were found', 'no-devices', 'gpu.no-devices'],
  ['Failed to initialize NVML: Driver/library version mismatch', 'absent', 'gpu.version-mismatch'],
  ['Failed to initialize NVML: GPU access blocked by the operating system', 'absent', 'gpu.blocked'],
  ['Failed to properly shut down NVML: GPU access blocked by the operating system', 'absent', 'gpu.blocked'],
  ['Failed to initialize NVML: Unknown Error', 'absent', 'gpu.nvml-failed'],
  ['Failed to initialize NVML: N/A', 'absent', 'gpu.nvml-failed'],
  ['Failed to initialize NVML: Insufficient Permissions', 'absent', 'gpu.no-permission'],
  ["NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", 'absent', 'gpu.library-missing'],
  ['WARNING: infoROM is corrupted at gpu 0000:0B:00.0', 'warning', 'gpu.inforom'],
])('%s', (line, effect, problem) => {
  expect(readMessage(line, plain)).toMatchObject({ effect, reason: { problem } })
})

test.each([
  [
    'Unable to determine the device handle for GPU0: 0000:24:00.0: GPU is lost.  Reboot the system to recover this GPU',
    '0000:24:00.0',
  ],
  [
    'Unable to determine the device handle for GPU 0000:05:00.0: GPU is lost.  Reboot the system to recover this GPU',
    '0000:05:00.0',
  ],
  ['Unable to determine the device handle for gpu 0000:0A:00.0: Unknown Error', '0000:0A:00.0'],
  ['Unable to determine the device handle for GPU 05:00.0: GPU is lost.  Reboot the system', '05:00.0'],
  ['Unable to determine the device handle for GPU0: 24:00.0: GPU is lost.', '24:00.0'],
  ['Unable to determine the device handle for GPU 00000000:24:00.0: Unknown Error', '00000000:24:00.0'],
  ['GPU is lost', '?'],
])('a lost GPU is named by its bus id: %s', (line, gpu) => {
  expect(readMessage(line, plain)).toMatchObject({
    effect: 'warning',
    reason: { problem: 'gpu.lost', params: { gpu } },
  })
})

test('the infoROM warning names its GPU', () => {
  expect(readMessage('WARNING: infoROM is corrupted at gpu 0000:0B:00.0', plain)).toMatchObject({
    reason: { params: { gpu: '0000:0B:00.0' } },
  })
})

test('an unknown field is named, to be asked for no more', () => {
  expect(readMessage('Field "cuda_version" is not a valid field to query.', plain)).toEqual({
    effect: 'drop-field',
    field: 'cuda_version',
  })
})

test('a line that says nothing by itself is passed over', () => {
  expect(readMessage('NVML library version: 535.161', plain)).toBeNull()
  expect(readMessage('', plain)).toBeNull()
})

test.each([
  [4, 'gpu.no-permission'],
  [6, 'gpu.no-devices'],
  [9, 'gpu.driver-not-loaded'],
  [12, 'gpu.library-missing'],
  [15, 'gpu.lost'],
  [18, 'gpu.version-mismatch'],
  [255, 'gpu.failed'],
  [null, 'gpu.failed'],
])('exit code %s without a known message is %s', (code, problem) => {
  expect(explainExitCode(code, 'words', plain).problem).toBe(problem)
})

const linesOf = (file: string) =>
  readFileSync(path.join(import.meta.dirname, '../../cases/nvidia-smi', file), 'utf8')
    .trim()
    .split('\n')

test('of an NVML failure the first line counts, and under WSL the advice is WSL’s', () => {
  const [first = '', second = ''] = linesOf('wsl-nvml.txt')

  expect(readMessage(first, wsl)).toEqual({
    effect: 'absent',
    reason: expect.objectContaining({
      problem: 'gpu.nvml-wsl',
      params: { words: 'Failed to initialize NVML: N/A' },
      hint: expect.stringContaining('wsl --shutdown') as string,
    }) as unknown,
  })
  expect(readMessage(second, wsl)).toBeNull()
})

test.each([
  ['a container', container, 'gpu.nvml-lost'],
  ['WSL', wsl, 'gpu.nvml-wsl'],
  ['a machine of its own', plain, 'gpu.nvml-failed'],
])('an unknown error of NVML in %s is called what it can be there', (_, machine, problem) => {
  expect(readMessage('Failed to initialize NVML: Unknown Error', machine)).toMatchObject({ reason: { problem } })
})

test('a driver that cannot be reached from WSL is Windows’ driver', () => {
  const line = "NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver."

  expect(readMessage(line, wsl)).toMatchObject({ reason: { problem: 'gpu.driver-wsl' } })
  expect(explainExitCode(9, '', wsl).problem).toBe('gpu.driver-wsl')
})

test('a line of any length is read in no time, and what is quoted of it is short', () => {
  const line = `Failed to initialize NVML: ${'x'.repeat(1_000_000)}`

  const message = readMessage(line, plain)

  expect(message).toMatchObject({ reason: { problem: 'gpu.nvml-failed' } })
  expect(JSON.stringify(message).length).toBeLessThan(2_000)
})
