import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  decideRoom,
  means,
  plainName,
  youngMs,
  type KnownNeeds,
  type SeenContainer,
  type SeenImage,
} from '../../../electron/docker/room/decide'

const now = Date.parse('2026-11-30T12:00:00Z')
const old = now - 30 * 24 * youngMs
const id = (letter: string) => `sha256:${letter.repeat(64)}`

const image = (letter: string, more: Partial<SeenImage> = {}): SeenImage => ({
  id: id(letter),
  parentId: null,
  tags: [],
  digests: [],
  sizeBytes: 100,
  sharedBytes: 40,
  createdAt: old,
  taggedAt: old,
  ...more,
})
const container = (more: Partial<SeenContainer> = {}): SeenContainer => ({
  id: 'c'.repeat(64),
  name: 'leftover',
  image: 'gone:latest',
  imageId: id('0'),
  state: 'exited',
  labels: {},
  createdAt: old,
  writtenBytes: 7,
  ...more,
})
const nobody: KnownNeeds = { named: [], unread: [], ownContainers: new Set(), keptUntil: new Map(), letGo: new Set() }
const decide = (
  images: SeenImage[],
  { containers = [], ...known }: Partial<KnownNeeds> & { containers?: SeenContainer[] } = {},
) => decideRoom({ images, containers, cache: null }, { ...nobody, ...known }, now)
const offered = (...given: Parameters<typeof decide>) => decide(...given).items.map((item) => item.id)

describe('an image is offered', () => {
  test('when a build left it without a name, with what its removal gives back', () => {
    expect(decide([image('a')]).items).toMatchObject([
      {
        id: `image:${id('a')}`,
        why: 'dangling',
        name: 'aaaaaaaaaaaa',
        sizeBytes: 100,
        sharedBytes: 40,
        freesBytes: 60,
      },
    ])
  })
  test('when it has a name that nobody uses', () => {
    expect(decide([image('a', { tags: ['old:1'] })]).items).toMatchObject([{ why: 'unused', name: 'old:1' }])
  })
  test('without figures where the engine counts none: never 0 for unknown', () => {
    expect(decide([image('a', { sharedBytes: null })]).items[0]).toMatchObject({ sizeBytes: 100, freesBytes: null })
  })
})

describe('an image is kept', () => {
  test.each(['running', 'paused', 'restarting', 'exited', 'created', 'dead', 'removing'])(
    'of a container that is %s',
    (state) => {
      expect(offered([image('a')], { containers: [container({ imageId: id('a'), state })] })).not.toContain(
        `image:${id('a')}`,
      )
    },
  )
  test('of a container by its name, where the engine tells another id', () => {
    const named = container({ image: 'docker.io/library/redis', imageId: 'sha256:index' })
    expect(offered([image('a', { tags: ['redis:latest'] })], { containers: [named] })).not.toContain(`image:${id('a')}`)
  })
  test.each([
    'comfy:1',
    'docker.io/library/comfy:1',
    `ghcr.io/x/comfy@sha256:${'d'.repeat(64)}`,
    `ghcr.io/x/comfy:2@sha256:${'d'.repeat(64)}`,
    id('a'),
    'a'.repeat(12),
  ])('that a known project names as %s', (name) => {
    const seen = image('a', { tags: ['comfy:1'], digests: [`ghcr.io/x/comfy@sha256:${'d'.repeat(64)}`] })
    expect(offered([seen])).toHaveLength(1)
    expect(offered([seen], { named: [name] })).toEqual([])
  })
  test('on which another was built', () => {
    expect(offered([image('a'), image('b', { parentId: id('a') })])).toEqual([`image:${id('b')}`])
  })
  test('for an undo, with until when, and never offered', () => {
    const seen = image('a', { tags: ['regie/keep:qwen-1', 'qwen:old'] })
    const { items, kept } = decide([seen], { keptUntil: new Map([['regie/keep:qwen-1', now + 5]]) })
    expect(items).toEqual([])
    expect(kept).toEqual([{ name: 'regie/keep:qwen-1', sizeBytes: 100, why: 'undo', until: now + 5 }])
    expect(decide([seen]).kept).toMatchObject([{ why: 'undo', until: null }])
  })
  test('for an undo no more, once there is nothing to go back to', () => {
    const seen = image('a', { tags: ['regie/keep:qwen-1', 'qwen:old'] })
    const letGo = new Set(['regie/keep:qwen-1'])
    expect(offered([seen], { letGo })).toEqual([`image:${id('a')}`])
    expect(offered([image('a', { tags: ['regie/keep:qwen-2'] })], { letGo })).toEqual([])
    expect(offered([seen], { letGo, named: ['qwen:old'] })).toEqual([])
  })
  test('while an update tries it, whatever its age', () => {
    expect(decide([image('a', { tags: ['regie/update:1'] })]).kept).toMatchObject([{ why: 'undo' }])
  })
  test('for an hour, by when it was made or came: a build may be about to use it', () => {
    expect(decide([image('a', { createdAt: now - youngMs + 1 })]).kept).toMatchObject([{ why: 'young' }])
    expect(decide([image('a', { tags: ['x:1'], taggedAt: now - 1 })]).kept).toMatchObject([{ why: 'young' }])
    expect(offered([image('a', { createdAt: now - youngMs, taggedAt: null })])).toHaveLength(1)
  })
  test('where a project that cannot be read may name it, and only then', () => {
    const { items, kept } = decide([image('a', { tags: ['x:1'] }), image('b')], { unread: ['elsewhere'] })
    expect(items.map((item) => item.id)).toEqual([`image:${id('b')}`])
    expect(kept).toMatchObject([{ name: 'x:1', why: 'unread' }])
  })
  test('with names in several places, which no single call takes away', () => {
    expect(decide([image('a', { tags: ['x:1', 'y:1'] })]).kept).toMatchObject([{ why: 'several-names' }])
    expect(offered([image('a', { tags: ['x:1', 'x:2'] })])).toHaveLength(1)
  })
})

describe('a container is offered', () => {
  test('when it stands still and nobody that is known looks after it, with what would be lost', () => {
    expect(decide([], { containers: [container()] }).items).toMatchObject([
      { kind: 'container', why: 'stopped', name: 'leftover', freesBytes: 7, image: 'gone:latest' },
    ])
  })
  test.each(['running', 'paused', 'restarting', 'removing'])('but not while it is %s', (state) => {
    expect(offered([], { containers: [container({ state })] })).toEqual([])
  })
  test.each([
    'com.docker.compose.project',
    'com.docker.swarm.service.id',
    'io.kubernetes.pod.name',
    'com.docker.desktop.extension',
    'devcontainer.local_folder',
    'regie.helper',
  ])('but not with the label %s', (label) => {
    expect(offered([], { containers: [container({ labels: { [label]: 'x' } })] })).toEqual([])
  })
  test('but not when it is a service of Regie, nor when it was just made', () => {
    expect(offered([], { containers: [container()], ownContainers: new Set(['c'.repeat(64)]) })).toEqual([])
    expect(offered([], { containers: [container({ state: 'created', createdAt: now - 1000 })] })).toEqual([])
  })
})

test('the build cache is offered as far as no build uses it', () => {
  const of = (reclaimableBytes: number) =>
    decideRoom({ images: [], containers: [], cache: { totalBytes: 9, reclaimableBytes } }, nobody, now).items
  expect(of(5)).toMatchObject([{ id: 'build-cache', freesBytes: 5 }])
  expect(of(0)).toEqual([])
})

test.each([
  ['redis', 'redis:latest'],
  ['redis:7', 'redis:7'],
  ['library/redis', 'redis:latest'],
  ['docker.io/library/redis:7', 'redis:7'],
  ['index.docker.io/a/b', 'a/b:latest'],
  ['localhost:5000/a/b', 'localhost:5000/a/b:latest'],
  ['ghcr.io/a/b:v1', 'ghcr.io/a/b:v1'],
  ['a/b:v1@sha256:ff', 'a/b@sha256:ff'],
])('%s is read as %s', (name, plain) => {
  expect(plainName(name)).toBe(plain)
  expect(means(name, { id: id('9'), tags: [plain], digests: [plain] })).toBe(true)
})

describe('over generated engines', () => {
  const letters = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h')
  const tag = fc.constantFrom('one:1', 'two:latest', 'docker.io/library/three:3', 'regie/keep:x', 'four')
  const images = fc.uniqueArray(
    fc.record({
      letter: letters,
      parent: fc.option(letters, { nil: null }),
      tags: fc.uniqueArray(tag, { maxLength: 2 }),
      ageMs: fc.constantFrom(1000, youngMs * 3),
    }),
    { selector: ({ letter }) => letter },
  )
  const containers = fc.array(
    fc.record({
      of: letters,
      name: tag,
      state: fc.constantFrom('running', 'paused', 'restarting', 'exited', 'created', 'dead', 'removing'),
      label: fc.option(fc.constantFrom('com.docker.compose.project', 'regie.helper', 'mine'), { nil: null }),
      own: fc.boolean(),
      ageMs: fc.constantFrom(1000, youngMs * 3),
    }),
    { maxLength: 6 },
  )
  const world = fc.record({
    images,
    containers,
    named: fc.uniqueArray(tag, { maxLength: 3 }),
    unread: fc.constantFrom([], ['other']),
  })

  test('nothing that anybody needs is ever offered, and everything is accounted for once', () => {
    fc.assert(
      fc.property(world, ({ images: made, containers: run, named, unread }) => {
        const seen = made.map(({ letter, parent, tags, ageMs }) =>
          image(letter, { parentId: parent && id(parent), tags, createdAt: now - ageMs, taggedAt: null }),
        )
        const kinds = run.map(({ of, name, state, label, ageMs }, at) =>
          container({
            ...{ id: String(at), image: name, imageId: id(of), state, createdAt: now - ageMs },
            labels: label === null ? {} : { [label]: 'x' },
          }),
        )
        const ownContainers = new Set(run.flatMap(({ own }, at) => (own ? [String(at)] : [])))
        const result = decide(seen, { containers: kinds, named, unread, ownContainers })
        for (const item of result.items) {
          if (item.kind === 'container') {
            const one = kinds.find((each) => `container:${each.id}` === item.id)
            expect(one && ['exited', 'created', 'dead'].includes(one.state)).toBe(true)
            expect(ownContainers.has(one?.id ?? '')).toBe(false)
            expect(Object.keys(one?.labels ?? {}).filter((label) => label !== 'mine')).toEqual([])
            continue
          }
          const one = seen.find((each) => `image:${each.id}` === item.id)
          if (!one) throw new Error('an image was offered that is not there')
          expect(one.tags.some((name) => name.startsWith('regie/keep:'))).toBe(false)
          expect(kinds.some(({ imageId }) => imageId === one.id)).toBe(false)
          expect(kinds.some(({ image: name }) => means(name, one))).toBe(false)
          expect(seen.some(({ parentId }) => parentId === one.id)).toBe(false)
          expect(named.some((name) => means(name, one))).toBe(false)
          expect(one.createdAt).toBeLessThanOrEqual(now - youngMs)
          if (unread.length > 0) expect(one.tags).toEqual([])
        }
        const imagesOffered = result.items.filter(({ kind }) => kind === 'image').length
        expect(imagesOffered + result.kept.length + result.needed.images).toBe(seen.length)
      }),
      { numRuns: 400 },
    )
  })
})
