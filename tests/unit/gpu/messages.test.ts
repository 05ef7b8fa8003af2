import { expect, test } from 'vitest'
import { explainExitCode, readMessage } from '../../../electron/gpu/messages'

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
  ['Failed to initialize NVML: Unknown Error', 'absent', 'gpu.nvml-lost'],
  ['Failed to initialize NVML: Insufficient Permissions', 'absent', 'gpu.no-permission'],
  ["NVIDIA-SMI couldn't find libnvidia-ml.so library in your system.", 'absent', 'gpu.library-missing'],
  ['WARNING: infoROM is corrupted at gpu 0000:0B:00.0', 'warning', 'gpu.inforom'],
])('%s', (line, effect, problem) => {
  expect(readMessage(line)).toMatchObject({ effect, reason: { problem } })
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
  ['GPU is lost', '?'],
])('a lost GPU is named by its bus id: %s', (line, gpu) => {
  expect(readMessage(line)).toMatchObject({ effect: 'warning', reason: { problem: 'gpu.lost', params: { gpu } } })
})

test('the infoROM warning names its GPU', () => {
  expect(readMessage('WARNING: infoROM is corrupted at gpu 0000:0B:00.0')).toMatchObject({
    reason: { params: { gpu: '0000:0B:00.0' } },
  })
})

test('an unknown field is named, to be asked for no more', () => {
  expect(readMessage('Field "cuda_version" is not a valid field to query.')).toEqual({
    effect: 'drop-field',
    field: 'cuda_version',
  })
})

test('a line that says nothing by itself is passed over', () => {
  expect(readMessage('NVML library version: 535.161')).toBeNull()
  expect(readMessage('')).toBeNull()
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
  expect(explainExitCode(code, 'words').problem).toBe(problem)
})
