import type { HeadlessPanel } from '../support/headless'
import { budgets } from './budgets'
import { median, repeat, type Measure } from './measure'

const runs = 5

/** What a rotation takes beside the restart of the service that uses the credential. */
export async function measureRotation(panel: HeadlessPanel): Promise<Measure[]> {
  const measures: Measure[] = []
  for (const id of ['comfyui-demo', 'forge-demo']) {
    const own = await repeat(runs, async () => {
      const rotation = await panel.client.credentials.rotate({ id })
      if (rotation.state !== 'committed') throw new Error(`the rotation of ${id} ended as ${rotation.state}`)
      const took = (rotation.finishedAt ?? 0) - rotation.startedAt
      return took - (rotation.steps.find((step) => step.id === 'apply')?.tookMs ?? 0)
    })
    measures.push({
      what: `Rotation of ${id}, without the restart`,
      value: median(own),
      unit: 'ms',
      budget: budgets.rotationMs,
      note: `median of ${runs}; writing, proving on every protected surface, committing`,
    })
  }
  return measures
}
