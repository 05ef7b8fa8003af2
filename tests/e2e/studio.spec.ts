import { freePort } from '../support/ports'
import { addSimulatedProgram, generateOn } from '../support/simulated'
import { enter } from './pages/app'
import { form } from './pages/studio'
import { expect, test } from './support/fixtures'

const journey = 'the Studio says that no previews come, lets the prompt grow and come back, and reads a dropped image'
test(journey, { tag: '@long' }, async ({ page, panel }) => {
  const id = 'comfyui-silent'
  await addSimulatedProgram(panel, { id, kind: 'comfyui', port: await freePort(), behaviour: { preview: 'none' } })
  for (const one of ['comfyui-demo', id]) await panel.client.services.start({ id: one })
  for (const one of ['comfyui-demo', id]) {
    await expect.poll(async () => (await panel.client.services.get({ id: one })).health.state).toBe('ready')
  }
  await enter(page, panel)
  await page.goto(`${panel.url}/#/studio`)

  // One note: the other service sends them.
  const note = form(page).getByText('No live previews: started without --preview-method.')
  await expect(note).toHaveCount(1)
  await form(page).getByRole('checkbox', { name: id }).uncheck()
  await expect(note).toBeHidden()
  await form(page).getByRole('checkbox', { name: id }).check()

  await panel.client.system.changeSettings({ language: 'fr' })
  await expect(page.getByText('Pas d’aperçu en direct : lancé sans --preview-method.')).toHaveCount(1)

  await test.step('the prompt grows to ten lines and scrolls from there on, and used ones come back', async () => {
    await panel.client.system.changeSettings({ language: 'en' })
    for (const text of ['the first', 'the second']) await generateOn(panel, 'comfyui-demo', text)
    const box = form(page).getByRole('textbox', { name: 'Prompt', exact: true })
    const heightOf = async (lines: number) => {
      await box.fill(Array.from({ length: lines }, () => 'x').join('\n'))
      return (await box.boundingBox())?.height ?? 0
    }
    const [one, four, five, ten, eleven] = [
      await heightOf(1),
      await heightOf(4),
      await heightOf(5),
      await heightOf(10),
      await heightOf(11),
    ]
    expect([one, eleven]).toEqual([four, ten])
    expect(Math.round((ten - five) / (five - four))).toBe(5)
    await box.fill('mine')
    await expect(page.getByRole('main').getByText('the second').first()).toBeVisible()
    for (const [key, text] of [
      ['Alt+ArrowUp', 'the second'],
      ['Alt+ArrowUp', 'the first'],
      ['Alt+ArrowDown', 'the second'],
      ['Alt+ArrowDown', 'mine'],
    ] as const) {
      await box.press(key)
      await expect(box).toHaveValue(text)
    }
  })

  await test.step('a dropped image offers what made it; one that is broken or hostile says that it tells nothing', async () => {
    const [id = ''] = (await panel.client.generations.list({ limit: 1 })).items.flatMap(({ images }) =>
      images.map((image) => image.id),
    )
    const image = Buffer.from(await (await panel.rest(`/images/${id}`)).arrayBuffer())
    const drop = (bytes: Buffer) =>
      page.evaluate((base64) => {
        const transfer = new DataTransfer()
        const data = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        transfer.items.add(new File([data], 'dropped.png', { type: 'image/png' }))
        document.body.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }))
      }, bytes.toString('base64'))
    const dialog = page.getByRole('dialog', { name: /dropped.png/ })
    await drop(image)
    await expect(dialog).toContainText('the second')
    await dialog.getByRole('button', { name: 'Use these parameters' }).click()
    await expect(form(page).getByRole('textbox', { name: 'Prompt', exact: true })).toHaveValue('the second')

    const claims = Buffer.from(image)
    claims.writeUInt32BE(0xfffffff0, 8) // its first part is gigabytes long, it says
    for (const hostile of [claims, image.subarray(0, 40)]) {
      await drop(hostile)
      const told = page.getByRole('alert').filter({ hasText: 'dropped.png' }).first()
      await expect(told).toBeVisible()
      await told.getByRole('button', { name: 'Close' }).click()
      await expect(dialog).toBeHidden()
    }
  })

  await test.step('the title of the tab and a notification tell of images that are done while nobody looks', async () => {
    await page.evaluate(() => {
      const shown: string[] = []
      class Told {
        static permission = 'default'
        static requestPermission = () => Promise.resolve((Told.permission = 'granted'))
        constructor(title: string, { body }: NotificationOptions) {
          shown.push(`${title}: ${body}`)
        }
      }
      Object.assign(window, { Notification: Told, regieShown: shown })
    })
    const shown = () => page.evaluate(() => (window as unknown as { regieShown: string[] }).regieShown)
    const look = (isAway: boolean) =>
      page.evaluate((hidden) => {
        Object.defineProperty(document, 'hidden', { value: hidden, configurable: true })
        document.dispatchEvent(new Event('visibilitychange'))
      }, isAway)
    const title = await page.title()
    await page.getByRole('button', { name: 'Notify me when an image is done' }).click()
    await generateOn(panel, 'comfyui-demo', 'seen')
    await look(true)
    await generateOn(panel, 'comfyui-demo', 'unseen')
    await expect(page).toHaveTitle(`(1) ${title}`)
    await expect.poll(shown).toEqual(['Image ready on comfyui-demo: unseen'])
    await look(false)
    await expect(page).toHaveTitle(title)
  })
})
