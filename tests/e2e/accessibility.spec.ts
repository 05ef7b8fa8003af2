import { test } from './support/fixtures'
import { walk } from './support/walk'

// At length: `npm run walk`.
test('every page, full of data, is accessible, at a desk and on a phone, and fits its window', async ({
  page,
  panel,
}) => {
  test.setTimeout(360_000)
  await walk(page, panel, {
    looks: [
      { at: 'desk', theme: 'dark', rules: 'all' },
      { at: 'phone', theme: 'light', rules: 'all' },
    ],
    sizes: ['phone'],
    inFrench: false,
  })
})
