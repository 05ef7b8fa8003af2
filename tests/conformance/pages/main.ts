import { readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { chromium } from 'playwright'
import { chromiumLaunchOptions } from '../../support/browser.mjs'
import { startHeadless } from '../../support/headless'
import { installPackages } from '../python'
import { createTrial } from './browsing'
import { tryComfyui } from './comfyui'
import { gradioPackages, tryGradio } from './gradio'

const usage = `Usage: npm run conformance:pages -- [--comfyui URL] [--no-gradio]

Opens the real programs' own pages in Chromium, through the gateway of a panel in a temporary folder, with a person's key.

  --comfyui URL           a ComfyUI that runs; it is given a small workflow without a model, a stored workflow and an upload
    --password-file FILE  its login/PASSWORD or a copy of it: line 1 is the token
  --python FILE           a Python that has that Gradio already: nothing is installed
  --no-gradio             leaves out the Gradio that Forge is built on, which is installed into a temporary folder
  --help`

const flags = {
  comfyui: { type: 'string' },
  'password-file': { type: 'string' },
  python: { type: 'string' },
  'no-gradio': { type: 'boolean' },
  help: { type: 'boolean' },
} as const

/** Opens the pages that were named; false when something on one of them fails. */
export async function conformanceOfPages(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options: flags })
  if (values.help === true) {
    console.log(usage)
    return true
  }
  const tokenFile = values['password-file']
  const token = tokenFile === undefined ? null : (readFileSync(tokenFile, 'utf8').split(/\r?\n/)[0] ?? null)
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-pages-'))
  const panel = await startHeadless()
  const browser = await chromium.launch(chromiumLaunchOptions())
  const trial = createTrial(
    (line) => console.log(line),
    () => (token === null ? [] : [token]),
  )
  try {
    let differing = 0
    if (values['no-gradio'] !== true) {
      const python = values.python ?? installPackages(path.join(folder, 'python'), gradioPackages)
      differing = await tryGradio(panel, browser, python, trial)
    }
    if (values.comfyui !== undefined) await tryComfyui(panel, browser, { url: values.comfyui, token }, trial)
    const failed = differing + trial.failed()
    console.log(failed === 0 ? 'every page works as it does without the gateway' : `${failed} failed`)
    return failed === 0
  } catch (error) {
    console.error(`conformance:pages: ${error instanceof Error ? error.message : String(error)}`)
    return false
  } finally {
    await browser.close()
    await panel.stop()
    await rm(folder, { recursive: true, force: true })
  }
}
