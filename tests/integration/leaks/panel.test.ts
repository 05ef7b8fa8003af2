import { mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LeakScan } from '../../../shared/contract'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'

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

it('is started over REST, followed to its end, and kept, without a value in any answer', async () => {
  const { credentials } = running.panel.parts
  const secrets = await credentials.withSecret('forge-demo', ({ password, token }) => [password ?? '', token ?? ''])
  const [password = ''] = secrets
  const folder = path.join(running.dataFolder, 'pointed-at')
  await mkdir(folder)
  await writeFile(path.join(folder, `${password}.txt`), `x\n${password}\n`)

  const started = await running.rest('POST', 'leaks/scan', { folder, sources: ['files'], wait: false })
  const stream = await fetch(new URL('api/v1/leaks/scan/stream', running.url), {
    headers: { authorization: `Bearer ${adminToken}` },
  })
  const followed = await stream.text()
  const last = await running.rest('GET', 'leaks/scan')
  const log = await running.rest('GET', 'audit?topic=leaks')
  await rm(folder, { recursive: true })

  expect(started.status).toBe(200)
  expect(followed).toContain('"state":"done"')
  const scan = LeakScan.parse(last.body)
  // A name can be a leak too, and is not repeated either.
  expect(scan.findings).toMatchObject([{ credentialId: 'forge-demo', field: 'password', lines: [2] }])
  expect(scan.findings[0]?.where).toContain('[secret ')
  for (const answer of [JSON.stringify([started, last, log]), followed]) expect(answer).not.toContain(password)
})
