import { asItIs } from '../../../electron/logs/cutting'
import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { findEngine } from '../../../electron/docker/connection/find-engine'
import { freePort } from '../../support/ports'

test('a search that goes on for days keeps nothing of its failed tries', async () => {
  const search = new AbortController()
  const where = {
    platform: 'linux' as const,
    env: {},
    home: '/nonexistent',
    uid: null,
    setting: `tcp://127.0.0.1:${await freePort()}`,
    redact: asItIs,
  }
  for (let attempt = 0; attempt < 20; attempt++) expect((await findEngine(where, search.signal)).found).toBeNull()
  expect(getEventListeners(search.signal, 'abort')).toEqual([])
})
