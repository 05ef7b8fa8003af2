import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { templateOf } from '../../../electron/stacks/templates'
import { lackingSettings } from '../../../electron/updates/card-settings'
import type { GpuReport } from '../../../shared/contract'
import { rowsOf } from '../gpu/samples'

const example = readFileSync(
  path.join(import.meta.dirname, '../../../resources/stacks/comfyui-qwen/.env.example'),
  'utf8',
)
const report: GpuReport = {
  state: 'live',
  sampledAt: 0,
  gpus: rowsOf(
    '0, GPU-1080, 6.1, 550.54.14, GTX 1080\n1, GPU-5090, 12.0, 550.54.14, RTX 5090',
    'index,uuid,compute_cap,driver_version,name',
  ).map((row) => ({ ...row, processes: [] })),
}
/** What an update adds to a `.env` with these settings. */
const added = async (present: Record<string, string>, gpuUuid?: string) => {
  const { added: settings, refused } = await lackingSettings({
    gpus: { report: () => Promise.resolve(report) },
    stack: { template: templateOf('comfyui-qwen'), fresh: new Map([['.env.example', example]]) },
    config: gpuUuid === undefined ? {} : { gpuUuid },
    present: new Map(Object.entries({ MEMORY_LIMIT: '28g', ...present })),
  })
  return { build: new Map(settings).get('TORCH_BUILD'), keys: settings.map(([key]) => key), refused: refused?.problem }
}

test('an update gets the PyTorch of the card that the stack runs on', async () => {
  expect(await added({ GPU_UUID: 'GPU-1080' })).toMatchObject({ build: 'cu126', refused: undefined })
  expect(await added({ GPU_UUID: 'none' })).toMatchObject({ build: 'cpu' })
  // The `.env` does not name it, the service does.
  expect(await added({}, 'GPU-1080')).toMatchObject({ build: 'cu126' })
  // Nobody names it: as the example has it.
  expect(await added({})).toMatchObject({ build: 'cu130', refused: undefined })
})

test('an update is refused where PyTorch does not run on the card', async () => {
  expect(await added({ GPU_UUID: 'GPU-5090' })).toMatchObject({ refused: 'stacks.driver-too-old' })
})

test('a build that the .env names already is kept, and so is every other setting', async () => {
  const { keys, refused } = await added({ GPU_UUID: 'GPU-5090', TORCH_BUILD: 'cu130', TZ: 'Europe/Paris' })
  expect(refused).toBeUndefined()
  for (const key of ['TORCH_BUILD', 'MEMORY_LIMIT', 'TZ', 'GPU_UUID']) expect(keys).not.toContain(key)
  expect(keys).toContain('COMFYUI_MANAGER')
})
