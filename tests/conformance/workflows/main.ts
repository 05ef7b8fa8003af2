import { readFileSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { installFiles } from '../python'
import { byServer, nobody } from './classes'
import { judgeTemplate, type Outcome } from './judge'
import { ratesOf, shortfalls, statedIn, tableOf } from './table'
import { packageName, packageVersion, readTemplates } from './templates'

const usage = `Usage: npm run conformance:workflows -- [--comfyui URL [--password-file FILE]] [--templates DIR] [--write]

Fetches the field's templates (${packageName} ${packageVersion}) with pip into a temporary folder, converts those that
tests/conformance/workflows/templates.json names, and has each graph validated. Nothing is run, queued or uploaded.

  --comfyui URL          the ComfyUI that says whether it takes a graph, and whose classes are converted by; without it
                         nobody is asked, and the recorded classes are all that graphs are held against
  --password-file FILE   its login/PASSWORD or a copy of it: line 1 is the token
  --templates DIR        a folder of templates with index.json, which is read in place of fetching
  --write                writes what was found to docs/workflows.md; with --comfyui only
  --help

Ends with 1 where it finds less than docs/workflows.md states.`

const page = path.resolve(import.meta.dirname, '../../../docs/workflows.md')
const begin = '<!-- found -->'

const flags = {
  comfyui: { type: 'string' },
  'password-file': { type: 'string' },
  templates: { type: 'string' },
  write: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

async function judgeAll(folder: string, url: string | undefined, token: string | null) {
  const judge = url === undefined ? nobody : await byServer(url.replace(/\/$/, ''), token)
  const outcomes: Outcome[] = []
  for (const template of await readTemplates(folder)) outcomes.push(await judgeTemplate(template, judge))
  return { by: judge.name, outcomes }
}

/** The page with what was found in place of what it said. */
function rewritten(text: string, by: string, table: string): string {
  const at = text.indexOf(begin)
  if (at < 0) throw new Error(`${page} has no ${begin}`)
  const about = `${packageName} ${packageVersion}; asked: ${by}.`
  return `${text.slice(0, at)}${begin}\n\n${about}\n\n${table}`
}

/** Converts the templates and asks of each graph; false where less comes out than the page states, or nothing does. */
export async function conformanceOfWorkflows(args: readonly string[]): Promise<boolean> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-templates-'))
  try {
    const { values } = parseArgs({ args: [...args], options: flags })
    if (values.help === true) {
      console.log(usage)
      return true
    }
    if (values.write === true && values.comfyui === undefined) throw new Error('--write wants --comfyui')
    const secret = values['password-file']
    const token = secret === undefined ? null : (readFileSync(secret, 'utf8').split(/\r?\n/)[0] ?? null)
    const fetched = () =>
      path.join(installFiles(folder, packageName, packageVersion), packageName.replaceAll('-', '_'), 'templates')
    const { by, outcomes } = await judgeAll(values.templates ?? fetched(), values.comfyui, token)
    const asked = values.comfyui !== undefined
    const table = tableOf(outcomes, asked)
    console.log(`${packageName} ${packageVersion}; asked: ${by}\n\n${table}`)
    const text = await readFile(page, 'utf8')
    if (values.write === true) {
      await writeFile(page, rewritten(text, by, table))
      return true
    }
    const lacking = shortfalls(statedIn(text), ratesOf(outcomes), asked)
    for (const line of lacking) console.error(line)
    return lacking.length === 0
  } catch (error) {
    console.error(`conformance:workflows: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
