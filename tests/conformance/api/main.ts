import { mkdtemp, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { panelLog } from '../../support/headless'
import { askAs, type Outcome } from './ask'
import { excluded, type Asker } from './excluded'
import { installProgram } from '../python'
import { openWorld } from './world'

/** Pinned: another version may find other things, and a night is told from another by the panel alone. */
const schemathesis = '4.32.5'

const askers: readonly Asker[] = ['stranger', 'user', 'admin']

export const usage = `Usage: npm run conformance:api -- [--as stranger|user|admin …] [--schemathesis PROGRAM]

Asks a demo panel in a temporary folder all that its OpenAPI document allows, and much that it does not: as stranger, user
and administrator. A finding is a status that is not documented, an answer outside of its schema, and every 500.

  --as WHO               only this one (repeatable)
  --schemathesis PROGRAM takes this one in place of installing it with pip into a temporary folder
  --help`

const options = {
  as: { type: 'string', multiple: true },
  schemathesis: { type: 'string' },
  help: { type: 'boolean' },
} as const

const cells = (...of: (string | number)[]) => of.map((cell) => String(cell).padStart(11)).join('')

/** What the panel itself calls a bug: a failure without a name, or a Problem that the contract does not declare. */
const bugsIn = (log: string) => log.split('\n').filter((line) => /failed unexpectedly|does not declare/.test(line))

function tell(outcomes: readonly Outcome[], bugs: readonly string[]): void {
  for (const { asker, findings, output } of outcomes) if (findings > 0) console.log(`=== ${asker}\n${output}`)
  for (const line of bugs.slice(0, 20)) console.log(line.slice(0, 600))
  for (const asker of askers)
    for (const [operation, why] of Object.entries(excluded[asker]))
      console.log(`not asked as ${asker}: ${operation}: ${why}`)
  console.log(cells('', 'operations', 'requests', 'findings', 'seconds'))
  for (const { asker, operations, requests, findings, seconds } of outcomes)
    console.log(cells(asker, operations, requests, findings, seconds))
  console.log(`bugs in the panel's log: ${bugs.length}`)
}

/** Asks the panel as everybody; false when there is a finding, or when it cannot be asked. */
export async function conformanceOfApi(args: readonly string[]): Promise<boolean> {
  const { values } = parseArgs({ args: [...args], options })
  if (values.help === true) {
    console.log(usage)
    return true
  }
  const chosen = askers.filter((asker) => values.as?.includes(asker) ?? true)
  const folder = await mkdtemp(path.join(os.tmpdir(), 'regie-conformance-'))
  try {
    const program = values.schemathesis ?? installProgram(path.join(folder, 'python'), 'schemathesis', schemathesis)
    const world = await openWorld()
    try {
      const outcomes: Outcome[] = []
      for (const asker of chosen) outcomes.push(await askAs(asker, world, { program, reports: folder }))
      const bugs = bugsIn(await panelLog(world.panel))
      tell(outcomes, bugs)
      return outcomes.length > 0 && outcomes.every(({ findings }) => findings === 0) && bugs.length === 0
    } finally {
      await world.panel.stop()
    }
  } catch (error) {
    console.error(`conformance:api: ${error instanceof Error ? error.message : String(error)}`)
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
