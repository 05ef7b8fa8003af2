import { test } from './support/fixtures'
import { walk } from './support/walk'

// On a phone and in light, and in every narrow window: `npm run walk`, at night. It costs a second of a processor a page.
test('every page, full of data, is accessible at a desk, and fits a phone', async ({ page, panel }) => {
  test.setTimeout(360_000)
  await walk(page, panel, {
    looks: [{ at: 'desk', theme: 'dark', rules: 'all' }],
    sizes: ['phone'],
    allContent: false,
    inFrench: false,
  })
})
