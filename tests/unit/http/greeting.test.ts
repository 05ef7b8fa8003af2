import { createServer } from 'node:http'
import { once } from 'node:events'
import { describe, expect, it } from 'vitest'
import { explainTakenPort, greeting, hasDisplay } from '../../../electron/http/greeting'

const told = { url: 'http://127.0.0.1:7420/', link: 'http://127.0.0.1:7420/signin?token=x', dataFolder: '/data/regie' }

describe('what a panel without a window prints', () => {
  it('is where it listens, how to sign in, where its data are, and how to stop it', () => {
    expect(greeting({ ...told, demo: false }).split('\n')).toEqual([
      'Regie listening on http://127.0.0.1:7420/',
      'Sign in once with http://127.0.0.1:7420/signin?token=x',
      'Data folder: /data/regie',
      'Press Ctrl+C to stop.',
      '',
    ])
  })

  it('says that it is a demo where it is one', () => {
    expect(greeting({ ...told, demo: true })).toContain('\nDemo mode: ')
    expect(greeting({ ...told, demo: false })).not.toContain('Demo')
  })
})

describe('a browser', () => {
  it('can be opened where there is a display; on Windows and macOS there always is', () => {
    expect(hasDisplay('linux', {})).toBe(false)
    expect(hasDisplay('linux', { DISPLAY: ':0' })).toBe(true)
    expect(hasDisplay('linux', { WAYLAND_DISPLAY: 'wayland-0' })).toBe(true)
    expect(hasDisplay('win32', {})).toBe(true)
    expect(hasDisplay('darwin', {})).toBe(true)
  })
})

describe('a port that is taken', () => {
  async function answering(body: string) {
    const server = createServer((_request, response) => response.end(body)).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const at = server.address()
    const port = typeof at === 'object' && at ? at.port : 0
    return { port, [Symbol.asyncDispose]: async () => void (await once(server.close(), 'close')) }
  }

  it('by another panel is told with its address', async () => {
    await using panel = await answering(JSON.stringify({ status: 'ok', version: '0.4.0' }))
    const words = await explainTakenPort({ host: '127.0.0.1', port: panel.port })
    expect(words).toContain(`Another Regie is running at http://127.0.0.1:${panel.port}/.`)
  })

  it('by anything else is not taken for a panel', async () => {
    await using other = await answering('hello')
    const words = await explainTakenPort({ host: '127.0.0.1', port: other.port })
    expect(words).toContain(`Port ${other.port} is in use by another program`)
    expect(words).not.toContain('Another Regie')
  })

  it('on all addresses is named by one that can be opened', async () => {
    expect(await explainTakenPort({ host: '0.0.0.0', port: 7420 }, () => Promise.resolve(true))).toContain(
      'http://127.0.0.1:7420/',
    )
    expect(await explainTakenPort({ host: '::', port: 7420 }, () => Promise.resolve(true))).toContain(
      'http://127.0.0.1:7420/',
    )
  })
})
