import { expect, it, onTestFinished } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import { startHeadless } from '../../support/headless'
import { temporaryFolder } from '../../support/programs'

it('a second panel on one data folder is refused by the first one’s process id, until that one is gone', async () => {
  await ensureBuilt()
  await using folder = await temporaryFolder('regie-held')
  const first = await startHeadless({ data: folder.path })
  onTestFinished(() => first.stop())
  await expect(startHeadless({ data: folder.path })).rejects.toThrow(
    `Another Regie uses this data folder: it is running at ${first.url}/ (process ${first.pid}, since `,
  )
  expect(await first.client.services.list()).toHaveLength(2)
  await first.kill()
  const second = await startHeadless({ data: folder.path })
  await second.stop()
})
