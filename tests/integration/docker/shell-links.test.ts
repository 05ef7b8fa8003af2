import { createORPCClient } from '@orpc/client'
import { RPCLink as FetchLink } from '@orpc/client/fetch'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import type Dockerode from 'dockerode'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import type { Contract } from '../../../shared/contract'
import { describeWithDocker } from '../../support/docker'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { until } from '../../support/until'

type Client = ContractRouterClient<Contract>

await describeWithDocker('a terminal, through the panel’s doors', ({ client: docker, host, image }) => {
  let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
  let running: RunningPanel
  let container: Dockerode.Container
  const headers = { authorization: `Bearer ${adminToken}` }

  beforeAll(async () => {
    programs = await bundlePanelPrograms()
    running = await startPanel({ ...programs, demo: false })
    await running.panel.parts.engine.setAddress(host)
    container = await docker.createContainer({
      Image: image,
      Entrypoint: ['/bin/node', '-e'],
      Cmd: ['process.on("SIGTERM", () => process.exit(0)); setInterval(() => {}, 1e6)'],
      HostConfig: { NetworkMode: 'none' },
    })
    await container.start()
  })
  afterAll(async () => {
    await container.remove({ force: true })
    await running.stop()
    await programs.remove()
  })

  const overFetch = () => {
    const client: Client = createORPCClient(new FetchLink({ url: `${running.url}rpc`, headers }))
    return { client, close: () => undefined }
  }
  const overSocket = async () => {
    const socket = new WebSocket(`${running.url.replace('http', 'ws')}rpc/ws`, { headers })
    await new Promise((resolve) => socket.once('open', resolve))
    // The link speaks the browser's interface, which ws has too; only their types differ.
    const client: Client = createORPCClient(new SocketLink({ websocket: socket as unknown as globalThis.WebSocket }))
    return { client, close: () => socket.terminate() }
  }

  test.each([
    ['fetch', overFetch],
    ['a WebSocket', overSocket],
  ])('is watched and typed into over %s, and audited without its words', async (_link, connect) => {
    const { client, close } = await connect()
    const shell = await running.panel.parts.shells.open({
      serviceId: 'qwen',
      container: { id: container.id, name: 'qwen-1' },
      cols: 80,
      rows: 24,
      who: 'admin',
    })
    let text = ''
    let end: unknown = null
    const watching = (async () => {
      for await (const event of await client.shells.watch({ id: shell.id })) {
        if (event.type === 'ended') end = event
        else {
          text += event.text
          await client.shells.acknowledge({ id: shell.id, offset: event.offset })
        }
      }
    })()
    await client.shells.resize({ id: shell.id, cols: 101, rows: 31 })
    await client.shells.input({ id: shell.id, text: 'stty size; echo sec$((1))ret\r' })
    await until('the answer', () => text.includes('31 101') && text.includes('sec1ret'))
    await client.shells.close({ id: shell.id })
    await watching
    expect(end).toMatchObject({ why: 'closed' })
    const lines = await until('the audit line', async () => {
      const { items } = await client.audit.list({ search: shell.id.slice(0, 8) })
      return items.length === 2 && items
    })
    expect(lines.map(({ action }) => action).sort()).toEqual(['shell.closed', 'shell.opened'])
    expect(JSON.stringify(lines)).not.toMatch(/sec1?ret|stty/)
    close()
  })

  test('a page that is closed leaves the terminal to its grace', async () => {
    const { client, close } = await overSocket()
    const { shells } = running.panel.parts
    const shell = await shells.open({
      serviceId: 'qwen',
      container: { id: container.id, name: 'qwen-1' },
      cols: 80,
      rows: 24,
      who: 'admin',
    })
    const stream = await client.shells.watch({ id: shell.id })
    await stream.next()
    expect(shells.count()).toBe(1)
    close()
    await shells.close(shell.id)
    expect(shells.count()).toBe(0)
  })

  test('a stranger neither opens nor types', async () => {
    const post = (at: string) =>
      fetch(new URL(`api/v1/${at}`, running.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ text: 'x', cols: 80, rows: 24 }),
      })
    expect((await post('services/qwen/shells')).status).toBe(401)
    expect((await post('shells/abc/input')).status).toBe(401)
  })
})
