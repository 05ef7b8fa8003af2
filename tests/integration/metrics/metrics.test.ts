import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { MadeKey } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { promtool } from '../../support/prometheus'

let programs: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel
beforeAll(async () => {
  programs = await bundlePanelPrograms()
  running = await startPanel(programs)
})
afterAll(async () => {
  await running.stop()
  await programs.remove()
})

const bearer = (token: string) => ({ authorization: `Bearer ${token}` })
const read = (headers: Record<string, string> = {}, method = 'GET') =>
  fetch(new URL('metrics', running.url), { method, headers })
const makeToken = async () =>
  z.object({ token: z.string() }).parse((await running.rest('POST', 'metrics-token')).body).token

describe('the metrics', () => {
  it('are for administrators and the token made for them, and for nobody else', async () => {
    expect((await read()).status).toBe(401)
    expect((await read(bearer('regie_metrics_guess'))).status).toBe(401)
    const asAdmin = await read(bearer(adminToken))
    expect(asAdmin.status).toBe(200)
    expect(await asAdmin.text()).toContain('regie_service_state{')
    await running.rest('POST', 'users', { id: 'maya', name: 'Maya', role: 'user' })
    const made = await running.rest('POST', 'keys', { userId: 'maya', name: 'script', panel: true })
    expect((await read(bearer(MadeKey.parse(made.body).key))).status).toBe(403)

    const token = await makeToken()
    expect((await read(bearer(token))).status).toBe(200)
    const head = await read(bearer(token), 'HEAD')
    expect([head.status, await head.text()]).toEqual([200, ''])
    expect((await read(bearer(token), 'POST')).status).toBe(405)
    expect((await running.rest('GET', 'metrics-token')).body).toMatchObject({ madeAt: expect.any(Number) as number })
    expect((await running.rest('DELETE', 'metrics-token')).body).toEqual({ madeAt: null, usedAt: null })
    expect((await read(bearer(token))).status).toBe(401)
  })

  it('are all that the token opens, and showing it elsewhere is no guess at a password', async () => {
    const token = await makeToken()
    for (const at of ['about', 'services', 'metrics-token', 'credentials'])
      expect((await fetch(new URL(`api/v1/${at}`, running.url), { headers: bearer(token) })).status).toBe(401)
    for (let guess = 0; guess < 20; guess += 1) await read(bearer(`regie_metrics_${guess}`))
    expect((await read(bearer(adminToken))).status).toBe(200)
    expect((await read(bearer(token))).status).toBe(200)
  })

  it('come in OpenMetrics where that is taken, hold no secret, and promtool finds nothing amiss', async ({ skip }) => {
    const open = await read({
      ...bearer(adminToken),
      accept: 'application/openmetrics-text;version=1.0.0,text/plain;q=0.1',
    })
    expect(open.headers.get('content-type')).toMatch(/^application\/openmetrics-text; version=1\.0\.0/)
    const plain = await read(bearer(adminToken))
    expect(plain.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/)
    const texts = [await open.text(), await plain.text()]
    const { parts } = running.panel
    for (const { id } of await parts.credentials.list())
      await parts.credentials.lendSecret(id)((lent) => {
        for (const secret of [lent?.password, lent?.token])
          if (typeof secret === 'string') expect(texts.filter((text) => text.includes(secret))).toEqual([])
      })
    expect(await readFile(running.panel.parts.dataFolder + '/config.json', 'utf8')).not.toContain('regie_metrics_')
    if (promtool === null) return skip('promtool is not installed')
    const checked = spawnSync(promtool, ['check', 'metrics'], { input: texts[1], encoding: 'utf8' })
    expect(`${checked.stdout}${checked.stderr}`).toBe('')
    expect(checked.status).toBe(0)
  })
})
