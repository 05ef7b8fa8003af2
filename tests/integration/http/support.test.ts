import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SupportContents } from '../../../shared/contract'
import { openConfig } from '../../../electron/storage/config'
import { adminToken, bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'
import { readZip } from '../../support/zip'

const prompt = 'a heron in the rain over the harbour'
const key = 'regie_0123456789abcdefghijklmnopqrstuv'
const person = 'Marguerite Duval'

let bundle: Awaited<ReturnType<typeof bundlePanelPrograms>>
let running: RunningPanel

beforeAll(async () => {
  bundle = await bundlePanelPrograms()
  running = await startPanel({ programs: bundle.programs })
})
afterAll(async () => {
  await running.stop()
  await bundle.remove()
})

const get = (at: string, headers: Record<string, string> = { authorization: `Bearer ${adminToken}` }) =>
  fetch(new URL(`api/v1/support-bundle${at}`, running.url), { headers })

const spellings = (text: string) => [
  text,
  encodeURIComponent(text),
  JSON.stringify(text).slice(1, -1),
  Buffer.from(text).toString('base64').replace(/=+$/, ''),
  Buffer.from(text).toString('base64url'),
  Buffer.from(text).toString('hex'),
]

describe('a support bundle', () => {
  it('holds no secret of the vault, key, prompt, person or folder, whatever the log and the configuration hold', async () => {
    const { parts } = running.panel
    const secret = 'Tr0ub4dor & "zebra"/5-umbrella'
    parts.log.error(
      { err: new Error(`${prompt}\n    at ${person} (/home/marguerite/secret.js:1:1)`), prompt, who: person },
      'something failed unexpectedly',
    )
    parts.log.error({ err: new Error(prompt) })
    // As another program, or an older version without a redactor, might have left them.
    const lines = spellings(secret).map((text) =>
      JSON.stringify({ level: 50, time: 1, err: { message: text, stack: text }, text, [key]: 1 }),
    )
    await appendFile(path.join(running.dataFolder, 'panel.log'), `${[...lines, secret, prompt].join('\n')}\n`)
    const known: string[] = []
    for (const { id } of await parts.credentials.list())
      await parts.credentials.lendSecret(id)((lent) => {
        known.push(...[lent?.password, lent?.token].filter((text) => typeof text === 'string'))
      })
    expect(known.length).toBeGreaterThan(0)
    const said = known
      .flatMap(spellings)
      .map((text) => JSON.stringify({ level: 50, time: 1, msg: `told ${text} aloud` }))
    await appendFile(path.join(running.dataFolder, 'panel.log'), `${said.join('\n')}\n`)
    const stored = openConfig(running.dataFolder)
    const own = {
      ...{ id: 'own', kind: 'comfyui', runtime: 'process', url: 'http://marguerite.example:8188', name: person },
      process: { command: '/home/marguerite/run.sh', args: ['--password', secret, prompt], env: { API_KEY: key } },
    }
    const services: unknown = stored.get('services')
    stored.set('services', [...(Array.isArray(services) ? (services as unknown[]) : []), own])
    stored.set('access', { passwords: { admin: 'scrypt$hash' } })
    // It is a guard only where what it keeps out is there.
    const config = await readFile(path.join(running.dataFolder, 'config.json'), 'utf8')
    for (const text of ['/home/marguerite', prompt, key, person]) expect(config).toContain(text)

    const files = readZip(Buffer.from(await (await get('')).bytes()))
    const text = files.map(({ name, bytes }) => `${name}\n${bytes.toString('utf8')}`).join('\n')

    expect(files.map(({ name }) => name)).toEqual([
      ...['README.txt', 'about.json', 'services.json', 'attention.json', 'config.json', 'crashes.json', 'panel.log'],
    ])
    for (const hidden of [...known, secret, prompt, key, person])
      for (const spelt of spellings(hidden)) expect(text).not.toContain(spelt)
    expect(text).not.toContain(running.dataFolder)
    expect(text).not.toMatch(/marguerite|scrypt|passwords"/i)
    expect(text).toContain('something failed unexpectedly')
    expect(text).toContain('support.test.ts')
    expect(text).toContain('"id": "comfyui-demo"')
    expect(text).toContain('demo.key-file')
  })

  it('is saved as it was shown', async () => {
    const shown = SupportContents.parse(await (await get('/contents')).json())
    running.panel.parts.log.warn('told afterwards')

    const answer = await get(`?id=${shown.id}`)
    const saved = readZip(Buffer.from(await answer.bytes()))

    expect(answer.headers.get('content-type')).toBe('application/zip')
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="regie-support-\d{8}-\d{4}\.zip"$/)
    expect(saved.map(({ name, bytes }) => [name, bytes.toString('utf8')])).toEqual(
      shown.files.map(({ name, text }) => [name, text]),
    )
    expect((await get('?id=another')).status).toBe(404)
  })

  it('is for administrators alone', async () => {
    expect((await get('', {})).status).toBe(401)
    expect((await get('/contents', {})).status).toBe(401)
  })
})
