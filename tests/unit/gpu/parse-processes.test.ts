import { expect, test } from 'vitest'
import { parseProcesses } from '../../../electron/gpu/parse-processes'

test('compute processes on Linux read with their memory', () => {
  const output = `GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff, 21877, 17604, /workspace/ComfyUI/venv/bin/python
GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff, 22410, 388, python3
`

  const found = parseProcesses(output)

  expect(found).toEqual([
    {
      gpuUuid: 'GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff',
      pid: 21_877,
      memoryMiB: 17_604,
      name: '/workspace/ComfyUI/venv/bin/python',
    },
    { gpuUuid: 'GPU-9f8e7d6c-aaaa-bbbb-cccc-ddddeeeeffff', pid: 22_410, memoryMiB: 388, name: 'python3' },
  ])
})

test('on Windows neither memory nor a stranger’s name is known', () => {
  const output =
    'GPU-9d32xxxx, 1884, [N/A], [Insufficient Permissions]\r\nGPU-9d32xxxx, 4564, [N/A], C:\\Windows\\explorer.exe\r\n'

  const found = parseProcesses(output)

  expect(found.map(({ pid, memoryMiB, name }) => [pid, memoryMiB, name])).toEqual([
    [1884, null, ''],
    [4564, null, 'C:\\Windows\\explorer.exe'],
  ])
})

test('no output is no process, and messages are none either', () => {
  expect(parseProcesses('')).toEqual([])
  expect(parseProcesses('No devices were found\n')).toEqual([])
  expect(parseProcesses('gpu_uuid, pid, used_gpu_memory [MiB], process_name\n')).toEqual([])
})

test('a command with commas stays whole', () => {
  expect(parseProcesses('GPU-1, 7, 12, /opt/a,b/python')[0]?.name).toBe('/opt/a,b/python')
})
