import { expect, test } from 'vitest'
import type Dockerode from 'dockerode'
import { readUsage } from '../../../electron/docker/room/read'

/** An engine that answers this to `/system/df`. */
const answering = (answer: unknown) =>
  ({
    modem: {
      dial: (asked: { path: string }, done: (error: unknown, answer: unknown) => void) => {
        expect(asked.path).toBe('/system/df')
        done(null, answer)
      },
    },
  }) as unknown as Dockerode // as much of it as is asked
const read = (answer: unknown) => readUsage(answering(answer), new AbortController().signal)

test('of the cache is offered what no build uses and no image has', async () => {
  const parts = [
    { ID: 'a', Size: 10, InUse: false, Shared: false },
    { ID: 'b', Size: 20, InUse: true, Shared: false },
    { ID: 'c', Size: 40, InUse: false, Shared: true },
    // Nothing says that it is free.
    { ID: 'd', Size: 80 },
    { ID: 'e', Size: -1, InUse: false, Shared: false },
  ]
  expect((await read({ BuildCache: parts })).cache).toEqual({ totalBytes: 30, reclaimableBytes: 10 })
})

test.each([
  ['none', { BuildCache: null }, { totalBytes: 0, reclaimableBytes: 0 }],
  ['an engine without a cache', {}, null],
  ['what is no list', { BuildCache: 'x' }, null],
  ['nothing at all', null, null],
])('a cache of %s', async (_, answer, cache) => {
  expect((await read(answer)).cache).toEqual(cache)
})

test('sizes that were not counted are unknown', async () => {
  const { shared, written } = await read({
    Images: [{ Id: 'sha256:a', SharedSize: -1 }, { Id: 'sha256:b', SharedSize: 5 }, { nothing: true }],
    Containers: [
      { Id: 'c', State: 'exited', SizeRw: 9 },
      { Id: 'd', State: 'exited' },
      { Id: 'e', State: 'exited', SizeRootFs: 5 },
    ],
  })
  expect([...shared]).toEqual([
    ['sha256:a', null],
    ['sha256:b', 5],
  ])
  expect([...written]).toEqual([
    ['c', 9],
    ['d', null],
    ['e', 0],
  ])
})
