import { afterAll, beforeAll, expect, test } from 'vitest'
import { TimelineEntry } from '../../../shared/contract'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
let panel: RunningPanel

beforeAll(async () => {
  bundle = await bundlePanelPrograms()
  panel = await startPanel({ programs: bundle.programs })
})
afterAll(async () => {
  await panel.stop()
  await bundle.remove()
})

const told = async (id: string) => {
  const { body } = await panel.rest('GET', `services/${id}/timeline`)
  const items = TimelineEntry.array().parse((body as { items: unknown }).items)
  return items.reverse().map(({ kind, actor, name }) => [kind, actor, name].filter((part) => part !== null).join(' '))
}

test('a service that Regie runs tells who started and stopped it, and that it crashed', async () => {
  await panel.rest('POST', 'services/forge-demo/start')
  await until('it to be ready', async () => (await told('forge-demo')).includes('ready program'))
  await panel.rest('POST', 'services/forge-demo/stop')
  await panel.rest('POST', 'services/forge-demo/start')
  const { pid } = panel.panel.parts.services.get('forge-demo')
  process.kill(pid ?? 0, 'SIGKILL')
  await until('the crash to be told', async () => (await told('forge-demo')).includes('crashed program'))
  expect((await told('forge-demo')).filter((entry) => !entry.startsWith('ready'))).toEqual([
    ...['started regie admin', 'stopped regie admin', 'started regie admin', 'crashed program'],
  ])
})

test('a service that is not there has no timeline; one that is removed leaves none', async () => {
  expect((await panel.rest('GET', 'services/nobody/timeline')).status).toBe(404)
  await panel.rest('DELETE', 'services/forge-demo')
  expect((await panel.rest('GET', 'services/forge-demo/timeline')).status).toBe(404)
})
