import { comfyuiTables } from './comfyui'
import { lookAtComfyui } from './comfyui/world'
import { forgeTables } from './forge'
import { lookAtForge } from './forge/world'
import { parseOptions, usage, type Options } from './options'
import { createReport } from './report'
import type { Table, World } from './row'
import { runTables } from './play'

async function face<W extends World & { facts: object }>(
  name: string,
  world: W,
  tables: readonly Table<W>[],
  options: Options,
): Promise<boolean> {
  console.log(`=== ${name} at ${world.url}`)
  console.log(
    Object.entries(world.facts)
      .map(([key, value]) => `${key}: ${Array.isArray(value) ? value.join(' ') : String(value)}`)
      .join(', '),
  )
  const report = createReport((line) => console.log(line), world.secrets)
  for await (const line of runTables(tables, world, options)) report.add(line)
  report.end()
  return report.counts.differs === 0
}

/** Asks the named installations; false when a row differs, or when it cannot be asked. */
export async function conformance(args: readonly string[]): Promise<boolean> {
  let options: Options | null
  try {
    options = parseOptions(args)
  } catch (error) {
    console.error(`conformance: ${error instanceof Error ? error.message : String(error)}\n\n${usage}`)
    return false
  }
  if (!options) {
    console.log(usage)
    return true
  }
  const { comfyui, forge } = options
  const results: boolean[] = []
  try {
    if (comfyui) results.push(await face('ComfyUI', await lookAtComfyui(comfyui), comfyuiTables, options))
    if (forge) results.push(await face('Forge', await lookAtForge(forge), forgeTables, options))
  } catch (error) {
    console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
  return results.every(Boolean)
}
