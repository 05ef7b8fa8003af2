import { test } from './support/fixtures'
import { walk } from './support/walk'

// On a phone and in light, in every narrow window, and each tab and view: `npm run walk`, at night. It costs two seconds of a
// processor a page.
test('every page, full of data, is accessible at a desk, and fits a phone', async ({ page, panel }) => {
  test.setTimeout(360_000)
  await walk(page, panel, {
    looks: [{ at: 'desk', theme: 'dark', rules: 'all' }],
    sizes: ['phone'],
    addresses: 'one of each page',
    allContent: false,
    inFrench: false,
  })
})
