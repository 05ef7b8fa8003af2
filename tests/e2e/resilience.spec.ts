import { freePort } from '../support/ports'
import { addSimulatedProgram, generateOn } from '../support/simulated'
import { enter, open, rail, thumbnails } from './pages/app'
import { expectPicture, generate, result } from './pages/studio'
import { expect, test } from './support/fixtures'

test('the page survives a panel that is killed and started again, and nothing is lost', async ({
  page,
  panel,
  launch,
  misdeeds,
}) => {
  await panel.client.services.start({ id: 'forge-demo' })
  const prompt = 'an old harbour at night'
  await generateOn(panel, 'forge-demo', prompt)
  await enter(page, panel)
  await open(page, 'Gallery')
  const picture = thumbnails(page, prompt)
  await expectPicture(picture)

  await panel.kill()
  await expect(page.getByText(/Regie is not responding|Connection lost/).first()).toBeVisible({ timeout: 30_000 })
  await expect(picture).toBeVisible()

  await launch({ data: panel.data, port: panel.port })
  await expect(rail(page).getByText('Connected')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByText(/Regie is not responding|Connection lost/)).toHaveCount(0)
  // The browser notes each attempt that found nobody.
  misdeeds.forgive()
  await open(page, 'Services')
  await open(page, 'Gallery')
  await expectPicture(picture)
})

test(
  'a generation that fails says so in the service’s own words, and what to do',
  { tag: '@long' },
  async ({ page, panel }) => {
    const id = 'comfyui-small'
    await addSimulatedProgram(panel, {
      id,
      kind: 'comfyui',
      port: await freePort(),
      behaviour: { oomAtStep: 2, stepMs: 20, loadMs: 20 },
    })
    await panel.client.services.start({ id })
    await enter(page, panel)
    await open(page, 'Studio')
    await expect(result(page, id)).toBeVisible()
    await generate(page, 'a very large picture')

    await expect(result(page, id)).toContainText('Generation failed', { timeout: 30_000 })
    await expect(result(page, id)).toContainText(`${id} reports`)
    await expect(result(page, id)).toContainText(/out of memory/i)
    const { items } = await panel.client.generations.list({})
    expect(items[0]).toMatchObject({ state: 'failed', serviceId: id })
    await expect(result(page, id)).toContainText(items[0]?.error?.hint ?? 'a hint')

    await open(page, 'Services')
    await expect(page.getByRole('row').filter({ hasText: id })).toContainText('Ready')
  },
)
