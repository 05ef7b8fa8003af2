import { expect, it } from 'vitest'
import { createRestart } from '../../../electron/panel/restart'

const audit = (told: string[] = []) => ({
  told,
  appendFirst: ({ action }: { action: string }) => Promise.resolve(void told.push(action)),
})

it('cuts off nothing that is under way, also not what has begun while it was noted', async () => {
  let restarted = 0
  const desktop = { restart: () => void restarted++ }
  const log = audit()
  const looks = [['rotation'], [], ['job'], [], []] as const
  let at = 0
  const restart = createRestart({ desktop, audit: log, underWay: () => [...(looks[at++] ?? [])] })
  await expect(restart('ann')).rejects.toMatchObject({ id: 'release.busy' })
  expect(log.told).toEqual([])
  await expect(restart('ann')).rejects.toMatchObject({ id: 'release.busy' })
  expect(restarted).toBe(0)
  await restart('ann')
  expect([restarted, log.told]).toEqual([1, ['panel.restart', 'panel.restart']])
})

it('is not done where nothing can start it again', async () => {
  const restart = createRestart({ desktop: null, audit: audit(), underWay: () => [] })
  await expect(restart('ann')).rejects.toMatchObject({ id: 'desktop.unavailable' })
})
