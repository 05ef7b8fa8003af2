import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { undeclaredProblem } from '../../electron/api/errors'

/** Throws where a panel has answered a Problem that the contract does not declare for its procedure: it logs each. */
export async function checkDeclared(dataFolder: string): Promise<void> {
  const log = await readFile(path.join(dataFolder, 'panel.log'), 'utf8').catch(() => '')
  const found = log.split('\n').filter((line) => line.includes(undeclaredProblem))
  if (found.length > 0) throw new Error(`to be declared in shared/contract:\n${[...new Set(found)].join('\n')}`)
}
