import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Generation } from '../../../shared/contract'
import {
  archiveFileName,
  distinctNames,
  imageFileName,
  safeFileName,
  slugOf,
  titleOf,
} from '../../../shared/file-names'

const image = { id: 'i', width: 8, height: 8, bytes: 1, mime: 'image/png' }
const at = new Date(2026, 10, 29, 23, 59).getTime()

const named = (prompt: string, part: Partial<Pick<Generation, 'params' | 'images' | 'serviceId'>> = {}, index = 0) =>
  imageFileName(
    {
      id: 'ab12cd34-9',
      createdAt: at,
      serviceId: 'comfyui-qwen',
      images: [image],
      params: { prompt, seed: 42 },
      ...part,
    },
    index,
  )

/** What neither Windows, macOS nor Linux takes as it is. */
const unsafe = /[<>:"/\\|?*\p{Cc}]|[. ]$|^(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)/iu

/** Any code points at all, half a surrogate pair among them. */
const anyText = (maxLength: number) =>
  fc.array(fc.oneof(fc.nat(0x10ffff), fc.nat(0x7f)), { maxLength }).map((points) => String.fromCodePoint(...points))

describe('the name an image is saved under', () => {
  it.each([
    ['Lighthouse at dusk, storm, oil painting', 'lighthouse-at-dusk'],
    ['../../etc/passwd', 'etc-passwd'],
    ['CON: <a|b>?*', 'con'],
    ['منارة 🌅 الغروب', 'منارة-الغروب'],
    ['雪の中の灯台、夜明け', '雪の中の灯台'],
    ['किताब', 'किताब'],
    ['می‌خواهم', 'میخواهم'],
    ['A fox’s den', 'a-foxs-den'],
  ])('for %j is about %s', (prompt, slug) => {
    expect(named(prompt)).toBe(`2026-11-29_${slug}_comfyui-qwen_seed42.png`)
  })

  it('leaves out what there is not: words, or a seed', () => {
    expect(named('🌅')).toBe('2026-11-29_comfyui-qwen_seed42.png')
    expect(named('fox', { params: { prompt: 'fox' } })).toBe('2026-11-29_fox_comfyui-qwen_ab12cd34.png')
  })

  it('tells several images apart, and has their ending', () => {
    const images = [image, { ...image, id: 'j', mime: 'image/webp' }]
    expect(named('fox', { images }, 1)).toBe('2026-11-29_fox_comfyui-qwen_seed42_2.webp')
  })

  it('ends with a whole word, and in a script without spaces with a whole character', () => {
    expect(slugOf('an old harbour town in the pouring rain at the break of day')).toBe(
      'an-old-harbour-town-in-the-pouring-rain-at-the',
    )
    expect(slugOf('灯'.repeat(100))).toBe('灯'.repeat(40))
    expect(slugOf('𠀀'.repeat(100))).toBe('𠀀'.repeat(30))
  })

  it('is safe and short for every prompt, service and seed', () => {
    const prompt = anyText(200)
    const service = fc.constantFrom('a', 'con', 's'.repeat(63))
    fc.assert(
      fc.property(prompt, service, fc.maxSafeNat(), (text, serviceId, seed) => {
        const name = named(text, { serviceId, params: { prompt: text, seed } })
        expect(name).not.toMatch(unsafe)
        expect(new TextEncoder().encode(name).length).toBeLessThan(255)
        expect(Buffer.from(name).toString()).toBe(name)
      }),
    )
  })
})

describe('a name that a person gave', () => {
  it.each([
    ['Calendar 2027', 'Calendar 2027.json'],
    ['con', '_con.json'],
    ['LPT1.old', '_LPT1.old.json'],
    ['COM¹', '_COM¹.json'],
    ['…/..', '….json'],
    ['a/b\\c:d*?"<>|e', 'a b c d e.json'],
    ['ends. . ', 'ends.json'],
    ['\u202egnp.exe', 'gnp.exe.json'],
    ['', 'untitled.json'],
    ['...', 'untitled.json'],
  ])('%j becomes %s', (name, file) => {
    expect(safeFileName(name, '.json')).toBe(file)
  })

  it('is safe and short, whatever it was', () => {
    fc.assert(
      fc.property(anyText(600), (name) => {
        const file = safeFileName(name, '.json')
        expect(file).not.toMatch(unsafe)
        expect(file.replace('.json', '')).not.toMatch(/[. ]$/)
        expect(new TextEncoder().encode(file).length).toBeLessThan(255)
      }),
    )
  })
})

describe('names in an archive', () => {
  it('are each there once, also where only capitals differ', () => {
    expect(distinctNames(['a.png', 'A.png', 'a.png', 'b', 'b'])).toEqual([
      'a.png',
      'A_(2).png',
      'a_(3).png',
      'b',
      'b_(2)',
    ])
    const equal = distinctNames(Array.from({ length: 40_000 }, () => 'fox.png'))
    expect([new Set(equal).size, equal.at(-1)]).toEqual([40_000, 'fox_(40000).png'])
    expect(archiveFileName(at, 12)).toBe('regie_2026-11-29_12-images.zip')
  })
})

describe('what a prompt is about', () => {
  it('is its first clause, cut at a word', () => {
    expect(titleOf('Alpine lake before sunrise, mist on the water')).toBe('Alpine lake before sunrise')
    expect(titleOf(', leading comma')).toBe(', leading comma')
    expect(titleOf('one two three four', 10)).toBe('one two…')
  })
})
