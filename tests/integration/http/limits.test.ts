import { createORPCClient } from '@orpc/client'
import { RPCLink as FetchLink } from '@orpc/client/fetch'
import { RPCLink as SocketLink } from '@orpc/client/websocket'
import type { ContractRouterClient } from '@orpc/contract'
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { bodyLimits } from '../../../electron/http/limits'
import { largestExportBytes, type Contract } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, provenOwner, startPanel, type RunningPanel } from '../../support/panel'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel({ ...programs, demo: false })
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

const asAdmin = { authorization: `Bearer ${adminToken}` }
const passphrase = 'a long passphrase'
type Client = ContractRouterClient<Contract>

/** What a call was answered: the problem of a refusal, or how its socket was closed. */
const answerOf = async (call: Promise<unknown>): Promise<string> => {
  try {
    await call
    return 'done'
  } catch (error) {
    return (error as { data?: { problem: string } }).data?.problem ?? String(error)
  }
}

interface Way {
  client: Client
  /** Why the way itself ended, where it did. */
  ended: () => Promise<string | null>
}

const openSocket = async (headers: Record<string, string>) => {
  const address = new URL('rpc/ws', running.url).href.replace('http', 'ws')
  const socket = new WebSocket(address, { origin: new URL(running.url).origin, headers })
  await once(socket, 'open')
  return socket
}

const ways: Record<string, () => Promise<Way>> = {
  'RPC over HTTP': () => {
    const link = new FetchLink({ url: new URL('rpc', running.url).href, headers: asAdmin })
    return Promise.resolve({ client: createORPCClient<Client>(link), ended: () => Promise.resolve(null) })
  },
  'RPC at the desktop': () => {
    const { handler, parts } = running.panel
    const link = new FetchLink({
      url: 'regie://panel/rpc',
      fetch: (request, init) => handler(new Request(request, init), provenOwner(parts)),
    })
    return Promise.resolve({ client: createORPCClient<Client>(link), ended: () => Promise.resolve(null) })
  },
  'a WebSocket': async () => {
    const socket = await openSocket(asAdmin)
    const closed = new Promise<string>((resolve) => socket.once('close', (code) => resolve(String(code))))
    // It is one; only the overloads of its event methods are declared otherwise.
    const link = new SocketLink({ websocket: socket as unknown as globalThis.WebSocket })
    return { client: createORPCClient<Client>(link), ended: () => closed }
  },
}

const fileOf = (bytes: number) => new File([new Uint8Array(bytes).fill(0x20)], 'export.json')

describe.each(Object.keys(ways))('%s', (way) => {
  const open = () => ways[way]?.() ?? Promise.reject(new Error('no such way'))

  it('takes an exported vault as large as the contract says, and refuses a larger one by name', async () => {
    const { client } = await open()

    // Spaces are no vault: it was read to its end.
    expect(await answerOf(client.vault.import({ file: fileOf(largestExportBytes), passphrase }))).toBe('vault.tampered')
    expect(await answerOf(client.vault.import({ file: fileOf(largestExportBytes + 1), passphrase }))).toBe(
      'input.invalid',
    )
  })

  it('reads no file above the limit of all doors', async () => {
    const { client, ended } = await open()
    const call = answerOf(client.vault.import({ file: fileOf(bodyLimits.file + 1), passphrase }))

    expect(await Promise.race([call, ended().then((code) => code ?? call)])).toMatch(/^(?:input\.too-large|1009)$/)
  })

  it('takes data up to its limit and no more, also where a file may stand', async () => {
    const { client, ended } = await open()
    const prompt = (bytes: number) => ({ serviceId: 'nobody', params: { prompt: 'x'.repeat(bytes) } })
    const around = JSON.stringify({ i: '0', p: { u: '/generations/create', b: { json: prompt(0) } } }).length

    // Too long a prompt, but read.
    expect(await answerOf(client.generations.create(prompt(bodyLimits.data - around)))).toBe('input.invalid')
    const call = answerOf(client.generations.create(prompt(bodyLimits.data)))
    expect(await Promise.race([call, ended().then((code) => code ?? call)])).toMatch(/^(?:input\.too-large|1009)$/)
  })
})

describe('REST', () => {
  const send = (path: string, body: BodyInit, type?: string) =>
    fetch(new URL(`api/v1/${path}`, running.url), {
      method: 'POST',
      headers: { ...asAdmin, ...(type !== undefined && { 'content-type': type }) },
      body,
    })
  const form = (bytes: number) => {
    const fields = new FormData()
    fields.set('file', fileOf(bytes))
    fields.set('passphrase', passphrase)
    return fields
  }
  const problemOf = async (response: Response) => ((await response.json()) as { data: { problem: string } }).data

  it('takes an exported vault as large as the contract says, and no larger one', async () => {
    expect((await problemOf(await send('vault/import', form(largestExportBytes)))).problem).toBe('vault.tampered')
    expect((await problemOf(await send('vault/import', form(largestExportBytes + 1)))).problem).toBe('input.invalid')
    expect(await problemOf(await send('vault/import', form(bodyLimits.file)))).toMatchObject({
      problem: 'input.too-large',
      params: { limitMiB: 17 },
    })
  })

  it('takes data up to its limit and no more', async () => {
    const json = (bytes: number) => `"${'x'.repeat(bytes - 2)}"`

    expect((await send('generations', json(bodyLimits.data), 'application/json')).status).toBe(400)
    expect(await problemOf(await send('generations', json(bodyLimits.data + 1), 'application/json'))).toMatchObject({
      problem: 'input.too-large',
      params: { limitMiB: 1 },
    })
  })
})

describe('a WebSocket of a stranger', () => {
  it('is cut when it sends more than a request may hold, in one message or in many', async () => {
    for (const messages of [[bodyLimits.data * 2], Array<number>(40).fill(bodyLimits.data / 32)]) {
      const socket = await openSocket({})
      const closed = once(socket, 'close')
      socket.on('error', () => undefined) // what it still wanted to send
      for (const bytes of messages) socket.send(JSON.stringify({ i: '0', p: { u: '/nothing', b: 'x'.repeat(bytes) } }))

      expect((await closed)[0]).toBe(1006)
    }
  })
})

describe('a text message of a WebSocket', () => {
  it('holds no file, so it is data, and so is JSON before the bytes of files', async () => {
    for (const message of ['x'.repeat(bodyLimits.data + 1), Buffer.alloc(bodyLimits.data + 2, 0x20)]) {
      const socket = await openSocket(asAdmin)
      const closed = once(socket, 'close')
      socket.send(message)

      expect((await closed)[0]).toBe(1009)
    }
  })
})
