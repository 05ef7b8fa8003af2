import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import path from 'node:path'
import { expect, it } from 'vitest'
import { ensureBuilt } from '../../../electron/build.mjs'
import type { Service } from '../../../shared/contract'
import { temporaryFolder } from '../../support/programs'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'

const root = path.resolve(import.meta.dirname, '../../..')
const token = 'npm-test-admin-token'

const answers = (url: string) =>
  fetch(url).then(
    () => true,
    () => false,
  )

// On Windows nothing is passed on: npm's own end is abrupt there, and the simulators end with the panel's pipes.
it.skipIf(process.platform === 'win32')(
  'npm run headless stops everything that it started at a SIGTERM to npm',
  async () => {
    await ensureBuilt()
    await using folder = await temporaryFolder('regie-npm')
    const npm = spawn('npm', ['run', 'headless', '--', '--port', '0', '--data', folder.path, '--demo'], {
      cwd: root,
      env: { ...process.env, REGIE_ADMIN_TOKEN: token },
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const lines = createInterface({ input: npm.stdout })
    let url = ''
    for await (const line of lines) {
      url = /^Regie listening on (\S+)$/.exec(line)?.[1] ?? ''
      if (url !== '') break
    }
    const call = async (method: string, at: string, body?: object): Promise<unknown> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
      const response = await fetch(`${url}api/v1/${at}`, {
        method,
        headers,
        ...(body && { body: JSON.stringify(body) }),
      })
      return response.json()
    }
    // A port of its own: other tests start panels at the same time.
    await call('PATCH', 'services/forge-demo', { url: `http://127.0.0.1:${await freePort()}` })
    const service = (await call('POST', 'services/forge-demo/start')) as Service // the contract's answer
    expect(await answers(service.url)).toBe(true)

    npm.kill('SIGTERM')
    if (npm.exitCode === null && npm.signalCode === null) await once(npm, 'exit')

    await until('the panel to be gone', async () => !(await answers(url)))
    await until('its service to be gone', async () => !(await answers(service.url)))
  },
)
