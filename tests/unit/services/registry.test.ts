import { describe, expect, test } from 'vitest'
import {
  addEntry,
  applyChange,
  checkConfig,
  linksCredentials,
  readEntries,
  removeEntry,
  replaceEntries,
  revisionOf,
  type ServiceEntries,
} from '../../../electron/services/registry'
import type { ServiceConfig } from '../../../shared/contract'
import { idleOf, neverSleeps } from '../../../shared/service-idle'

const demo: ServiceConfig = { id: 'comfyui-demo', kind: 'comfyui', runtime: 'simulator', url: 'http://127.0.0.1:8188' }
const forge: ServiceConfig = { id: 'forge-turbo', kind: 'forge', runtime: 'external', url: 'http://gpu-box:7860' }
const broken = { id: 'Bad Id!', kind: 'invokeai', runtime: 'process', url: 'ftp://x', note: 'kept as it is' }

function store(entries: unknown[]): ServiceEntries & { entries: unknown[] } {
  const kept = { entries, read: () => kept.entries, write: (next: unknown[]) => void (kept.entries = next) }
  return kept
}

describe('reading the configuration', () => {
  test('a bad entry is told with its issues and harms no other', () => {
    const { services, invalid } = readEntries([demo, broken, 'nonsense', forge])

    expect(services.map((service) => service.id)).toEqual(['comfyui-demo', 'forge-turbo'])
    expect(invalid.map(({ position, id }) => [position, id])).toEqual([
      [1, 'Bad Id!'],
      [2, null],
    ])
    expect(invalid[0]?.issues.some((issue) => issue.startsWith('kind:'))).toBe(true)
  })

  test('of two entries with one id the second is refused', () => {
    const { services, invalid } = readEntries([demo, { ...forge, id: demo.id }])

    expect(services).toEqual([demo])
    expect(invalid[0]?.issues).toEqual(['id: another entry is named comfyui-demo too'])
  })

  test('a process without its command and a simulator off loopback are refused', () => {
    const { invalid } = readEntries([
      { ...forge, runtime: 'process' },
      { ...demo, url: 'http://192.168.1.5:8188' },
    ])

    expect(invalid.map((entry) => entry.issues)).toEqual([
      ['process: a process needs its command'],
      ['url: a simulated service must be at http://127.0.0.1'],
    ])
  })
})

test('a configuration links credentials where one usable service names one', () => {
  expect(linksCredentials(store([demo, { ...forge, credentialId: 'forge' }]))).toBe(true)
  expect(linksCredentials(store([demo, forge, { ...broken, credentialId: 'forge' }]))).toBe(false)
})

describe('changing the configuration', () => {
  test('adding, replacing and removing leave a bad entry untouched', () => {
    const file = store([broken, demo])

    addEntry(file, forge)
    replaceEntries(file, [{ ...demo, url: 'http://127.0.0.1:9999' }])
    removeEntry(file, forge.id)

    expect(file.entries).toEqual([broken, { ...demo, url: 'http://127.0.0.1:9999' }])
  })

  test('a field is taken away by null and left by absence', () => {
    const before: ServiceConfig = { ...demo, credentialId: 'comfy', gpuUuid: 'GPU-1a2b3c4d' }

    const after = applyChange(before, { id: demo.id, credentialId: null })

    expect(after).toEqual({ ...demo, gpuUuid: 'GPU-1a2b3c4d' })
  })

  test('a name and an order are taken away by null; tags and muted are replaced whole', () => {
    const before: ServiceConfig = { ...demo, name: 'Poster', order: 2, tags: ['lab'], muted: true }

    const after = applyChange(before, { id: demo.id, name: null, order: null, tags: ['class', 'night'] })

    expect(after).toEqual({ ...demo, tags: ['class', 'night'], muted: true })
    expect(applyChange(after, { id: demo.id, idle: { wake: true }, muted: false })).toEqual({
      ...demo,
      ...{ tags: ['class', 'night'], idle: { wake: true }, muted: false },
    })
  })

  test('of how it sleeps only what is named is changed, and what a file leaves out is off', () => {
    const schedule = { windows: [{ from: '08:00', to: '19:00', days: [1, 2, 3, 4, 5] }], start: true }
    const before = applyChange({ ...demo, idle: { wake: true } }, { id: demo.id, idle: { stopAfterMin: 45, schedule } })
    const after = applyChange(before, { id: demo.id, idle: { wake: false, schedule: null } })

    expect(before.idle).toEqual({ wake: true, stopAfterMin: 45, schedule })
    expect(after.idle).toEqual({ wake: false, stopAfterMin: 45, schedule: null })
    expect(idleOf(after)).toEqual({ wake: false, unloadAfterMin: null, stopAfterMin: 45, schedule: null })
    expect(idleOf(demo)).toEqual(neverSleeps)
    for (const idle of [{ stopAfterMin: 0 }, { unloadAfterMin: 1.5 }, { schedule: { windows: [], start: true } }])
      expect(() => applyChange(before, { id: demo.id, idle })).toThrow('idle')
  })

  test('a change of what somebody has changed meanwhile is refused', () => {
    const before: ServiceConfig = { ...demo, process: { command: 'x', args: [], env: { A: '1', B: '2' } } }
    const revision = revisionOf(before)
    const after = applyChange(before, { id: demo.id, revision, name: 'Poster' })

    expect(after.name).toBe('Poster')
    expect(() => applyChange(after, { id: demo.id, revision, name: 'Other' })).toThrow('was changed meanwhile')
    // A script that names none goes on, and so does one that wrote the same in another order.
    expect(applyChange(after, { id: demo.id, name: null })).toEqual(before)
    const { url, id, ...rest } = before
    const reordered = { url, ...rest, process: { env: { B: '2', A: '1' }, args: [], command: 'x' }, id }
    expect(revisionOf(reordered)).toBe(revision)
    expect(revisionOf({ ...before, process: { command: 'x', args: [], env: { A: '12', B: '' } } })).not.toBe(revision)
  })

  test.each([
    ['a name of spaces', { name: '   ' }, 'name: '],
    ['a name that turns the line around', { name: 'safe\u202egnp.exe' }, 'name: '],
    ['a name of two lines', { name: 'a\nb' }, 'name: '],
    ['a tag twice', { tags: ['Lab', 'lab'] }, 'tags: the same tag twice'],
    ['17 tags', { tags: Array.from({ length: 17 }, (_, at) => `t${at}`) }, 'tags: '],
    ['an order that is no number', { order: Number.NaN }, 'order: '],
  ])('%s is refused', (_what, fields, issue) => {
    expect(() => checkConfig({ ...demo, ...fields })).toThrow(issue)
  })

  test('a bad service is refused with its fields named', () => {
    expect(() => checkConfig({ ...demo, url: 'not a url', kind: 'x' })).toThrow(/kind: .*url: /)
  })

  test('a simulator that would listen to the network is refused', () => {
    expect(() => checkConfig({ ...demo, url: 'http://0.0.0.0:8188' })).toThrow('cannot be at http://0.0.0.0:8188')
  })
})
