import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import type { Page } from 'playwright'
import type { HeadlessPanel } from './headless'
import { goTo, keep, looks, usual, wear } from './pictures'

const run = promisify(execFile)

/** A deployment in which the demo's secrets were left in the usual places. Answers its folder. */
async function makeUntidyFolder(parent: string, panel: HeadlessPanel): Promise<string> {
  const folder = path.join(parent, 'deployment')
  const reveal = async (id: string) => (await panel.client.credentials.reveal({ id })) as Record<string, string>
  const [comfyui, forge] = [await reveal('comfyui-demo'), await reveal('forge-demo')]
  const git = (...args: string[]) =>
    run('git', ['-C', folder, '-c', 'user.name=demo', '-c', 'user.email=demo@example.invalid', ...args])
  const write = async (name: string, text: string | Buffer, mode = 0o600) => {
    await mkdir(path.dirname(path.join(folder, name)), { recursive: true, mode: 0o755 })
    await writeFile(path.join(folder, name), text, { mode })
  }
  await write(
    'docker-configurations/comfyui-qwen/.env.example',
    `COMFYUI_PORT=8188\nCOMFYUI_API_TOKEN='${comfyui['token']}'\n`,
  )
  await git('init', '-q')
  await git('add', '.')
  await git('commit', '-qm', 'Add the stack')
  await write('docker-configurations/comfyui-qwen/.env.example', 'COMFYUI_PORT=8188\nCOMFYUI_API_TOKEN=\n')
  await git('commit', '-qam', 'Remove the token')
  await write('.gitignore', '.env\n*.log\n')
  await write('notebooks/GenAI/.env', `LOCAL_MODE=1\nCOMFYUI_AUTH_TOKEN="${comfyui['token']}"\n`)
  await write(
    'scripts/smoke-test.http',
    `GET /sdapi/v1/options\nAuthorization: Basic ${Buffer.from(`${forge['username']}:${forge['password']}`).toString('base64')}\n`,
  )
  await write('out.log', Buffer.from(`\uFEFFstarted\r\n--gradio-auth demo:${forge['password']}\r\n`, 'utf16le'))
  await write('old/.env', `TOKEN=${comfyui['token']?.slice(0, 41)}\n`)
  return folder
}

/** The leak scan: before, asked for nothing, and with what it found. */
export async function leakPictures(page: Page, panel: HeadlessPanel): Promise<void> {
  const parent = await mkdtemp(path.join(os.tmpdir(), 'regie-'))
  try {
    const folder = await makeUntidyFolder(parent, panel)
    await goTo(page, panel, 'credentials?view=leaks')
    await keep(page, 'leaks-before')
    await page.getByRole('textbox', { name: 'Folder' }).fill(folder)
    await page.getByRole('button', { name: 'Start scan' }).click()
    await page.getByRole('heading', { name: 'In git history' }).waitFor()
    for (const look of looks) {
      await wear(page, panel, look)
      await keep(page, 'leaks', look)
    }
    await wear(page, panel, usual)
  } finally {
    await rm(parent, { recursive: true, force: true })
  }
}
