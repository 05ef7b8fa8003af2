import { spawn, spawnSync } from 'node:child_process'
import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import * as z from 'zod'
import { startHeadless, type HeadlessPanel } from '../../support/headless'
import { freePort } from '../../support/ports'
import { until } from '../../support/until'
import { installPackages } from '../python'

/** Pinned: what a client of another version does is told by its own notes. */
const clients = [
  { name: 'comfy-api-simplified', version: '1.6.0', service: 'comfyui-demo', program: 'comfy_simplified.py' },
  { name: 'webuiapi', version: '0.9.17', service: 'forge-demo', program: 'webui.py' },
  { name: '@saintno/comfyui-sdk', version: '0.3.1', service: 'comfyui-demo', program: 'node_clients.mjs' },
  { name: '@stable-canvas/comfyui-client', version: '1.5.9', service: 'comfyui-demo', program: 'node_clients.mjs' },
] as const
type Client = (typeof clients)[number]

const usage = `Usage: npm run conformance:clients -- [--client NAME …]

Has clients of PyPI and npm, unmodified, work through the gateway of a demo panel in a temporary folder, each with a key of a
person's own. They are installed into a temporary folder.

  --client NAME   only this one (repeatable): ${clients.map(({ name }) => name).join(', ')}
  --help`

const Row = z.object({ task: z.string(), ok: z.boolean(), detail: z.string() })
type Row = z.infer<typeof Row>

const isPython = ({ program }: Client) => program.endsWith('.py')

/** A demo panel whose two services run behind the gateway, and a key of a user's. */
async function openGateway(panel: HeadlessPanel) {
  const addresses = new Map<string, string>()
  for (const id of ['comfyui-demo', 'forge-demo']) {
    const gateway = { enabled: true, port: await freePort() }
    await panel.client.services.update({ id, gateway })
    await panel.client.services.start({ id })
    addresses.set(id, `http://127.0.0.1:${gateway.port}`)
  }
  await until('both services to be ready', async () =>
    (await panel.client.services.list()).every(({ health }) => health.state === 'ready'),
  )
  await panel.client.users.create({ id: 'maya', name: 'Maya', role: 'user' })
  const { key } = await panel.client.keys.create({ userId: 'maya', name: 'clients' })
  return { addresses, key }
}

/** npm's own program, beside node. */
function npmInstall(folder: string, wanted: readonly string[]): void {
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const args = ['install', '--no-audit', '--no-fund', '--legacy-peer-deps', ...wanted]
  const { status } = spawnSync(npm, args, {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (status !== 0) throw new Error(`npm could not install ${wanted.join(' ')}`)
}

/** What a client did, a row a task; a client that ends without a row has one that says so. */
async function rowsOf(command: string, args: readonly string[], key: string): Promise<Row[]> {
  const child = spawn(command, args, { env: { ...process.env, REGIE_KEY: key }, stdio: ['ignore', 'pipe', 'pipe'] })
  const limit = setTimeout(() => child.kill('SIGKILL'), 180_000)
  let [out, err] = ['', '']
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text))
  child.stderr.setEncoding('utf8').on('data', (text: string) => (err += text))
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  clearTimeout(limit)
  const rows = out.split('\n').flatMap((line) => (line.startsWith('{') ? [Row.parse(JSON.parse(line))] : []))
  if (code !== 0 || rows.length === 0)
    rows.push({ task: 'run to its end', ok: false, detail: `ended with ${code}: ${err.trim().slice(-300)}` })
  return rows.map((row) => ({ ...row, detail: row.detail.replaceAll(key, '[key]') }))
}

/** Installs the chosen clients and has each do its tasks; false when one of these fails, or none could be asked. */
export async function conformanceOfClients(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({
    args: [...args],
    options: { client: { type: 'string', multiple: true }, help: { type: 'boolean' } },
  })
  if (values.help === true) {
    console.log(usage)
    return true
  }
  const chosen = clients.filter(({ name }) => values.client?.includes(name) ?? true)
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-clients-'))
  let panel: HeadlessPanel | null = null
  try {
    const pins = (all: readonly Client[], by: string) => all.map(({ name, version }) => `${name}${by}${version}`)
    const [ofPython, ofNode] = [chosen.filter(isPython), chosen.filter((client) => !isPython(client))]
    const python = ofPython.length > 0 ? installPackages(path.join(folder, 'python'), pins(ofPython, '==')) : ''
    if (ofNode.length > 0) {
      await writeFile(path.join(folder, 'package.json'), '{"private":true,"type":"module"}')
      npmInstall(folder, [...pins(ofNode, '@'), 'ws@8.23.0'])
    }
    panel = await startHeadless()
    const { addresses, key } = await openGateway(panel)
    let failed = chosen.length === 0 ? 1 : 0
    for (const { name, version, service, program } of chosen) {
      const file = path.join(import.meta.dirname, program)
      const local = path.join(folder, program)
      await copyFile(file, local)
      await copyFile(path.join(import.meta.dirname, 'square.png'), path.join(folder, 'square.png'))
      const url = addresses.get(service) ?? ''
      const rows = program.endsWith('.py')
        ? await rowsOf(python, [local, url], key)
        : await rowsOf(process.execPath, [local, name, url], key)
      console.log(`=== ${name} ${version}, ${service}`)
      for (const { task, ok, detail } of rows) console.log(`${ok ? 'ok  ' : 'FAIL'} ${task}${detail && `: ${detail}`}`)
      failed += rows.filter(({ ok }) => !ok).length
    }
    console.log(failed === 0 ? 'every client did everything' : `${failed} tasks failed`)
    return failed === 0
  } catch (error) {
    console.error(`conformance:clients: ${error instanceof Error ? error.message : String(error)}`)
    return false
  } finally {
    await panel?.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
