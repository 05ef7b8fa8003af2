import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { startHeadless } from '../support/headless'
import { safetensors, shapesOf } from '../support/model-files'
import { temporaryFolder } from '../support/programs'
import { until } from '../support/until'
import { budgets } from './budgets'
import { median, repeat, timed, type Measure } from './measure'

const files = 10_000
const runs = 15

async function fill(folder: string): Promise<void> {
  const bytes = [shapesOf.sdxl, shapesOf.sd15, shapesOf.flux, shapesOf.zImage].map((shapes) => safetensors(shapes))
  for (let turn = 0; turn < files; turn += 1) {
    const below = path.join(folder, 'models', turn % 3 ? 'loras' : 'checkpoints', `group-${turn % 40}`)
    if (turn < 120) await mkdir(below, { recursive: true })
    await writeFile(path.join(below, `model-${turn}.safetensors`), bytes[turn % 4] ?? '')
  }
}

/** 10,000 files of models: how long the first look takes, and then a page of them. */
export async function measureModels(): Promise<Measure[]> {
  await using folder = await temporaryFolder('regie-bench-models')
  await fill(folder.path)
  const panel = await startHeadless()
  try {
    const { client } = panel
    await client.services.create({
      ...{ id: 'comfyui-bench', kind: 'comfyui', runtime: 'process', url: 'http://127.0.0.1:1' },
      process: { command: 'python', args: ['main.py'], cwd: folder.path },
    })
    const look = await timed(() => client.modelLibrary.scan())
    await until('all headers are read', async () => (await client.modelLibrary.overview()).unreadHeaders === 0, 120_000)
    const page = await repeat(runs, () => timed(() => client.modelLibrary.files({ limit: 200 })))
    const found = await repeat(runs, () =>
      timed(() => client.modelLibrary.files({ search: 'model-77 sdxl', limit: 200 })),
    )
    const overview = await repeat(runs, () => timed(() => client.modelLibrary.overview()))
    const note = 'of 10,000 files'
    return [
      { what: 'models, first page', value: median(page), unit: 'ms', budget: budgets.modelsPageMs, note },
      { what: 'models, a search', value: median(found), unit: 'ms', budget: budgets.modelsPageMs, note },
      { what: 'models, families and disks', value: median(overview), unit: 'ms', budget: budgets.modelsPageMs, note },
      { what: 'models, a look at all folders', value: look, unit: 'ms', budget: null, note },
    ]
  } finally {
    await panel.stop()
  }
}
