import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { enter, open, thumbnails, type Link } from './pages/app'
import { openCredential, proof, rotate, steps } from './pages/credentials'
import { expectPicture, generate, result } from './pages/studio'
import { expect, test } from './support/fixtures'

const fingerprint = (secret: string) => createHash('sha256').update(secret).digest('hex').slice(0, 12)

for (const link of ['websocket', 'fetch'] satisfies Link[]) {
  const journey = `a newcomer starts both services, rotates a credential and compares two pictures, over ${link}`
  test(journey, { tag: link === 'websocket' ? [] : '@long' }, async ({ page, panel }) => {
    await enter(page, panel, { link, welcome: true })

    await test.step('the welcome starts both services', async () => {
      await expect(page.getByRole('heading', { level: 1, name: 'Welcome to Regie' })).toBeVisible()
      await page.getByRole('button', { name: 'Start both' }).click()
      for (const id of ['comfyui-demo', 'forge-demo']) {
        await expect(page.getByRole('listitem').filter({ hasText: id })).toContainText('Ready')
      }
      await page.getByRole('button', { name: 'Open Overview' }).click()
      await expect(page.getByRole('main')).toContainText('2 of 2 services ready')
    })

    await test.step('a rotation is watched until it is proven', async () => {
      const before = await panel.client.credentials.reveal({ id: 'comfyui-demo' })
      await open(page, 'Credentials')
      await openCredential(page, 'comfyui-demo')
      await rotate(page, 'comfyui-demo')

      await expect(page.getByRole('heading', { name: 'Rotation of comfyui-demo' })).toBeVisible({ timeout: 30_000 })
      await expect(page.getByRole('alert')).toContainText('The new secret is in effect and verified')
      await expect(steps(page).getByRole('heading')).toHaveText([
        'Prepare, done',
        'Write locations, done',
        'Apply, done',
        'Verify on the running service, done',
        'Commit, done',
      ])
      const rows = proof(page).getByRole('row')
      expect(await rows.count()).toBeGreaterThan(1)
      await expect(proof(page).getByText(/, got /)).toHaveCount(0)

      // What the page says is what the files and the service say.
      const after = await panel.client.credentials.reveal({ id: 'comfyui-demo' })
      const service = await panel.client.services.get({ id: 'comfyui-demo' })
      const ask = async (token = '') =>
        (await fetch(`${service.url}/system_stats`, { headers: { authorization: `Bearer ${token}` } })).status
      expect(fingerprint(after.token ?? '')).not.toBe(fingerprint(before.token ?? ''))
      expect([await ask(before.token), await ask(after.token)]).toEqual([401, 200])
      const credential = await panel.client.credentials.get({ id: 'comfyui-demo' })
      const passwordFile = credential.sinks.find((sink) => sink.type === 'comfyui-login')?.path ?? ''
      const written = (await readFile(passwordFile, 'utf8')).split('\n')[0] ?? ''
      expect(fingerprint(written)).toBe(credential.fingerprints.token)
      await page.getByRole('button', { name: 'Done', exact: true }).click()
    })

    const prompt = 'a lighthouse at dusk, long exposure'
    await test.step('one prompt becomes a picture on each service', async () => {
      await open(page, 'Studio')
      await generate(page, prompt)
      for (const id of ['comfyui-demo', 'forge-demo']) {
        await expect(result(page, id)).toContainText('Saved to the gallery', { timeout: 40_000 })
        await expectPicture(result(page, id).getByRole('img', { name: prompt }).first())
      }
    })

    await test.step('both pictures are in the gallery, with their parameters', async () => {
      await open(page, 'Gallery')
      const pictures = thumbnails(page, prompt)
      await expect(pictures).toHaveCount(2)
      await expectPicture(pictures.first())
      await expectPicture(pictures.last())
      await pictures.first().click()
      const detail = page.getByRole('complementary', { name: 'Selected image' })
      await expect(detail).toContainText(prompt)
      const { items } = await panel.client.generations.list({})
      expect(items.map(({ serviceId }) => serviceId).sort()).toEqual(['comfyui-demo', 'forge-demo'])
      await expect(detail).toContainText(String(items[0]?.params.seed))
    })
  })
}
