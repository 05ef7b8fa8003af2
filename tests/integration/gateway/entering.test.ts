import { once } from 'node:events'
import { expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { startForgeSimulator } from '../../../electron/simulator/forge'
import { comfyui, comfyuiSecret, forge, forgeSecret } from '../kinds/simulators'
import { startFrontDoor } from '../../support/front-door'

test('ComfyUI is opened with its hash, pages and socket too, and never shows its sign-in page', async () => {
  await using service = await comfyui()
  await using door = await startFrontDoor({ url: service.simulator.url, secret: () => comfyuiSecret })
  const stats = await fetch(`${door.url}/system_stats`, { headers: { authorization: 'Bearer rk_mine' } })
  expect([stats.status, stats.headers.get('set-cookie')]).toEqual([200, null])
  const page = await fetch(door.url, { headers: { accept: 'text/html' }, redirect: 'manual' })
  expect([page.status, page.headers.get('set-cookie')]).toEqual([200, null])
  // ComfyUI refuses pages of another origin: the gateway's own is not one.
  const posted = await fetch(`${door.url}/free`, {
    method: 'POST',
    body: '{}',
    headers: { origin: door.url, 'content-type': 'application/json' },
  })
  expect(posted.status).toBe(200)
  const foreign = await fetch(`${door.url}/free`, {
    method: 'POST',
    body: '{}',
    headers: { origin: 'http://evil.example' },
  })
  expect(foreign.status).toBe(403)
  const socket = new WebSocket(`${door.url.replace('http', 'ws')}/ws?clientId=a`)
  const [first] = (await once(socket, 'message')) as [Buffer]
  expect(JSON.parse(first.toString())).toMatchObject({ type: 'status', data: { sid: 'a' } })
  socket.close()
  expect(door.bugs).toEqual([])
})

test('Forge is opened with Basic, and its pages with a session that the gateway holds', async () => {
  await using service = await forge()
  await using door = await startFrontDoor({ kind: 'forge', url: service.simulator.url, secret: () => forgeSecret })
  expect((await fetch(`${door.url}/sdapi/v1/options`)).status).toBe(200)
  const page = await fetch(door.url)
  expect(await page.text()).not.toContain('auth_required":true')
  expect(page.headers.get('set-cookie')).toBeNull()
  const config = await fetch(`${door.url}/config`)
  expect(await config.json()).toMatchObject({ root: door.url })
  // It signs in itself: somebody else's session and sign-out change nothing.
  const out = await fetch(`${door.url}/logout`, { redirect: 'manual', headers: { cookie: 'access-token-x=y' } })
  expect([out.headers.get('location'), out.headers.get('set-cookie')]).toEqual(['/', null])
  expect((await fetch(`${door.url}/config`)).status).toBe(200)
})

test('a session that ended with its Forge is opened again, once for all who ask, and a page shows no form', async () => {
  const options = { folder: '', account: { username: 'regie', password: 'correct-horse' } }
  await using first = await forge()
  const { port } = new URL(first.simulator.url)
  await using door = await startFrontDoor({ kind: 'forge', url: first.simulator.url, secret: () => forgeSecret })
  expect((await fetch(`${door.url}/config`)).status).toBe(200)
  await first.simulator.close()
  const again = await startForgeSimulator({ ...options, folder: first.folder, port: Number(port) })
  try {
    const all = await Promise.all(Array.from({ length: 8 }, () => fetch(`${door.url}/config`)))
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 8 }, () => 200))
  } finally {
    await again.close()
  }
  const third = await startForgeSimulator({ ...options, folder: first.folder, port: Number(port) })
  try {
    expect(await (await fetch(door.url)).text()).not.toContain('auth_required":true')
  } finally {
    await third.close()
  }
})

test('a Forge whose form refuses says so in place of asking for a password, and one without a form needs none', async () => {
  await using closed = await forge({ protect: 'gradio', account: { username: 'regie', password: 'other' } })
  await using door = await startFrontDoor({ kind: 'forge', url: closed.simulator.url, secret: () => forgeSecret })
  const refused = await fetch(`${door.url}/config`)
  expect(refused.status).toBe(502)
  expect(await refused.json()).toMatchObject({ problem: 'gateway.refused' })
  expect((await fetch(`${door.url}/sdapi/v1/options`)).status).toBe(200)
  await using open = await forge({ protect: 'api' })
  await using other = await startFrontDoor({ kind: 'forge', url: open.simulator.url, secret: () => forgeSecret })
  expect((await fetch(`${other.url}/config`)).status).toBe(200)
})
