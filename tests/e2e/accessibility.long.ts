import { test } from './support/fixtures'
import { walk } from './support/walk'

test('every page, full of data, is accessible in both themes, and fits every narrow window', async ({
  page,
  panel,
}) => {
  test.setTimeout(900_000)
  await walk(page, panel, {
    looks: (['phone', 'desk'] as const).flatMap((at) => [
      { at, theme: 'light', rules: at === 'phone' ? 'all' : 'colours' } as const,
      { at, theme: 'dark', rules: 'all' } as const,
    ]),
    sizes: ['phone', 'zoomed', 'least'],
    addresses: 'each',
    allContent: true,
    inFrench: true,
  })
})
