import { createInstance } from 'i18next'
import { expect, test } from 'vitest'
import studio from '../../../renderer/i18n/en/studio.json'

// One call alone: each that is refused costs the compiler as much as a hundred that are not.
test('the compiler refuses words that there are not', () => {
  const words = createInstance()
  void words.init({
    lng: 'en',
    ns: 'studio',
    resources: { en: { studio } },
    showSupportNotice: false,
    initAsync: false,
  })
  const t = words.getFixedT('en', 'studio')

  expect(t('title')).toBe(studio.title)
  // @ts-expect-error there is no such key
  expect(t('titel')).toBe('titel')
})
