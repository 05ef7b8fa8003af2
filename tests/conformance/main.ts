import type { Secret } from '../../electron/vault/secret'
import { comfyuiTables } from './comfyui'
import { lookAtComfyui } from './comfyui/world'
import { forgeTables } from './forge'
import { lookAtForge } from './forge/world'
import { parseOptions, usage, type ComfyuiAccess, type ForgeAccess, type Options } from './options'
import { createReport } from './report'
import { administrator, startThroughGateway } from '../support/through-gateway'
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

type Gateway = Awaited<ReturnType<typeof startThroughGateway>>

/** A gateway before an installation, which signs in by itself: who asks through it is its administrator, and needs nothing. */
const gatewayTo = (kind: 'comfyui' | 'forge', url: string, secret: Partial<Secret> | null): Promise<Gateway> =>
  startThroughGateway({
    ...{ kind, url, admit: () => administrator },
    secret: secret && { username: null, password: null, token: null, ...secret },
  })

async function askComfyui(access: ComfyuiAccess, options: Options): Promise<boolean> {
  if (!options.throughGateway) return face('ComfyUI', await lookAtComfyui(access), comfyuiTables, options)
  await using gateway = await gatewayTo('comfyui', access.url, access.token === null ? null : { token: access.token })
  const world = await lookAtComfyui({ ...access, url: gateway.url, token: null, webPassword: null })
  return await face('ComfyUI through a gateway', world, comfyuiTables, options)
}

async function askForge(access: ForgeAccess, options: Options): Promise<boolean> {
  if (!options.throughGateway) return face('Forge', await lookAtForge(access), forgeTables, options)
  await using gateway = await gatewayTo('forge', access.url, access.account)
  const world = await lookAtForge({ url: gateway.url, account: null })
  return await face('Forge through a gateway', world, forgeTables, options)
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
    if (comfyui) results.push(await askComfyui(comfyui, options))
    if (forge) results.push(await askForge(forge, options))
  } catch (error) {
    console.error(`conformance: ${error instanceof Error ? error.message : String(error)}`)
    return false
  }
  return results.every(Boolean)
}
