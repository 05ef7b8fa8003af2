import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jumpsIn } from '../../../electron/shell/jumps'
import { addressOf, linkAmong, placeOfLink, places } from '../../../electron/shell/places'
import { isPanelUrl } from '../../../electron/shell/scheme'
import { parseHash } from '../../../renderer/ui/route'

describe('a place', () => {
  it.each([
    [places.overview, { page: 'overview' }],
    [places.service('comfyui-qwen'), { page: 'services', id: 'comfyui-qwen' }],
    [places.update('forge'), { page: 'services', id: 'forge', tab: 'update' }],
    [places.credential('forge'), { page: 'credentials', id: 'forge' }],
    [places.generation('01JD/%'), { page: 'gallery', id: '01JD/%' }],
    [places.of({ page: 'settings', tab: 'x' }), { page: 'settings' }],
    [places.of({ page: 'services', id: 'forge', tab: 'exposure' }), { page: 'services', id: 'forge', tab: 'exposure' }],
  ])('%s is one that the panel knows', (place, route) => {
    expect(parseHash(place)).toMatchObject(route)
    expect(isPanelUrl(addressOf(place))).toBe(true)
  })
})

it.each(['en', 'fr'] as const)('what the icon of the program leads to is the same as a link (%s)', (language) => {
  for (const { link, place } of jumpsIn(language)) expect(placeOfLink(link)).toBe(place)
})

describe('a link from outside', () => {
  it.each([
    ['regie://overview', '#/overview'],
    ['regie://services', '#/services'],
    ['regie://services/', '#/services'],
    ['regie://services/comfyui-qwen', '#/services/comfyui-qwen'],
    ['REGIE://credentials/forge/', '#/credentials/forge'],
    ['regie://gallery/01JDZX', '#/gallery/01JDZX'],
  ])('%s opens %s', (link, place) => {
    expect(placeOfLink(link)).toBe(place)
  })

  it.each([
    'regie://panel/',
    'regie://panel/api/v1/services/x/stop',
    'regie://settings',
    'regie://services/comfyui/logs',
    'regie://services/../credentials',
    'regie://services/%2e%2e',
    'regie://services/a?ask=down',
    'regie://services/a#/settings',
    'regie://user@services/a',
    'regie://services:80/a',
    'regie://constructor',
    'https://services/a',
    'javascript:alert(1)',
    `regie://services/${'a'.repeat(300)}`,
    '',
  ])('%s opens nothing', (link) => {
    expect(placeOfLink(link)).toBeNull()
  })

  it('never leads anywhere but to a page of the panel, whatever it says', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const place = placeOfLink(`regie://${text}`)
        if (place !== null) expect(place).toMatch(/^#\/(overview|studio|gpus|gallery|services|credentials)(\/[\w-]+)?$/)
      }),
    )
  })

  it('is found among the arguments of a start', () => {
    expect(linkAmong(['/opt/Regie/regie', '--no-sandbox', 'regie://services/a'])).toBe('regie://services/a')
    expect(linkAmong(['/opt/Regie/regie', '--data', '/x'])).toBeNull()
  })
})
