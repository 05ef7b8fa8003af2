import { Client } from '@stable-canvas/comfyui-client'
import { WebSocket } from 'ws'
import { expect, it } from 'vitest'
import { comfyui } from '../simulator/support'
import { twoPeopleAt } from './two-people'

/** An unmodified client of npm, with a key where it has a place for one: in its fetch and in its WebSocket. */
function clientAt(url: string, key: string): Client {
  const authorization = `Bearer ${key}`
  return new Client({
    api_host: new URL(url).host,
    fetch: (at: string, init: RequestInit = {}) => {
      const headers = new Headers(init.headers)
      headers.set('authorization', authorization)
      return fetch(at, { ...init, headers })
    },
    WebSocket: class extends WebSocket {
      constructor(at: string) {
        super(at, { headers: { authorization } })
      }
    },
  })
}

const square = {
  1: { class_type: 'EmptyImage', inputs: { width: 64, height: 64, batch_size: 1, color: 3_368_601 } },
  2: { class_type: 'SaveImage', inputs: { images: ['1', 0], filename_prefix: 'client' } },
}

// Those of PyPI, and of npm those that need more than themselves, are asked by `npm run conformance:clients`.
it('an unmodified client of ComfyUI queues, listens, fetches, and finds nobody else’s history', async () => {
  const simulator = await comfyui()
  const { url } = await twoPeopleAt('comfyui', simulator.url)
  const [maya, noah] = [clientAt(url, 'maya'), clientAt(url, 'noah')]
  await maya.connect()
  try {
    const { images, prompt_id: id } = await maya.enqueue(square)
    expect(images).toHaveLength(1)
    expect(JSON.stringify(await maya.getHistory())).toContain(id)
    expect(JSON.stringify(await noah.getHistory())).not.toContain(id)
    expect(await maya.getNodeDefs()).toHaveProperty('KSampler')
  } finally {
    maya.close()
  }
})
