import { afterAll, beforeAll, expect, it } from 'vitest'
import path from 'node:path'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { temporaryFolder } from '../../support/programs'
import { until } from '../../support/until'

const ids = ['comfyui-demo', 'forge-demo'] as const
const portsOf = ({ panel }: RunningPanel) => ids.map((id) => new URL(panel.parts.services.get(id).url).port)
const readyOf = ({ panel }: RunningPanel) =>
  ids.map((id) => {
    const { adopted, health, pid } = panel.parts.services.get(id)
    return { adopted, state: health.state, isOwn: pid !== null }
  })
const ready = ids.map(() => ({ adopted: false, state: 'ready', isOwn: true }))
const startAll = async (running: RunningPanel) => {
  await running.panel.parts.services.startAll()
  await until('both to be ready', () => readyOf(running).every(({ state }) => state === 'ready'))
}

let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
let folder: Awaited<ReturnType<typeof temporaryFolder>>
beforeAll(async () => {
  bundle = await bundlePanelPrograms()
  folder = await temporaryFolder('regie-demos')
})
afterAll(async () => {
  await bundle.remove()
  await folder[Symbol.asyncDispose]()
})

const demo = (name: string) => startPanel({ programs: bundle.programs, dataFolder: path.join(folder.path, name) })

it('two demo panels do not meet: each has its own simulators, though none ran when the other was set up', async () => {
  const first = await demo('first')
  let second = await demo('second')
  // Of a thousand folders one begins at the same port; what then happens is the next test's.
  for (let n = 0; portsOf(second).some((port) => portsOf(first).includes(port)); n += 1) {
    await second.stop()
    second = await demo(`second-${n}`)
  }
  try {
    await Promise.all([startAll(first), startAll(second)])
    expect([readyOf(first), readyOf(second)]).toEqual([ready, ready])

    await second.panel.parts.services.stopAll()
    await first.panel.parts.services.probe('comfyui-demo')
    expect(readyOf(first)).toEqual(ready)
  } finally {
    await Promise.all([first.stop(), second.stop()])
  }
})

it('a simulator at the address of another panel’s is told by its port, not taken over, and tells no secret', async () => {
  const first = await demo('third')
  const second = await demo('fourth')
  try {
    await startAll(first)
    const { url } = first.panel.parts.services.get('comfyui-demo')
    await second.rest('PATCH', 'services/comfyui-demo', { url })
    const before = await first.panel.parts.services.logs('comfyui-demo', 500)

    const { health, adopted } = await second.panel.parts.services.probe('comfyui-demo')
    expect({ adopted, state: health.state, problem: health.problem }).toEqual({
      adopted: false,
      state: 'stopped',
      problem: 'service.port-taken',
    })
    await expect(second.panel.parts.services.start('comfyui-demo')).rejects.toMatchObject({ id: 'service.port-taken' })

    await first.panel.parts.services.probe('comfyui-demo')
    expect(readyOf(first)).toEqual(ready)
    const after = await first.panel.parts.services.logs('comfyui-demo', 500)
    expect(after.length).toBe(before.length)
  } finally {
    await Promise.all([first.stop(), second.stop()])
  }
})
