import { isContractProcedure } from '@orpc/contract'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Role } from '../../../electron/api/context'
import { contract, type Access } from '../../../shared/contract'
import { bundlePanelPrograms, startPanel, type RunningPanel } from '../../support/panel'

interface Procedure {
  name: string
  method: string
  path: string
  access: Access
}

/** Every procedure of the contract, whatever is added to it. */
function proceduresOf(node: object, name = ''): Procedure[] {
  if (!isContractProcedure(node))
    return Object.entries(node).flatMap(([key, child]: [string, object]) => proceduresOf(child, `${name}.${key}`))
  const definition: { route: { method?: string; path?: string }; meta: unknown } = node['~orpc']
  const { route, meta } = definition
  const { access } = meta as { access: Access } // the contract starts each procedure with it
  return [{ name: name.slice(1), method: route.method ?? 'POST', path: route.path ?? '', access }]
}
const procedures = proceduresOf(contract)

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

/** What a caller of a role is answered, straight from the handler behind both doors. */
async function answerTo(role: Role | null, { method, path }: Procedure) {
  const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
  const url = `${running.url}api/v1${path.replaceAll(/\{\w+\}/g, 'nobody')}`
  const request = new Request(url, { method, headers: { 'content-type': 'application/json' }, ...body })
  const response = await running.panel.handler(request, { door: 'http', role, session: null })
  await response.body?.cancel()
  return response.status
}

const withAccess = (...access: Access[]) => procedures.filter((procedure) => access.includes(procedure.access))

describe('every procedure of the contract', () => {
  it('has a route of its own', () => {
    const routes = procedures.map(({ method, path }) => `${method} ${path}`)

    expect(routes.length).toBeGreaterThan(40)
    expect(new Set(routes).size).toBe(routes.length)
  })

  it.each(withAccess('user', 'admin'))('refuses a stranger: $name', async (procedure) => {
    expect(await answerTo(null, procedure)).toBe(401)
  })

  it.each(withAccess('admin'))('refuses a user who is no administrator: $name', async (procedure) => {
    expect(await answerTo('user', procedure)).toBe(403)
  })
})
