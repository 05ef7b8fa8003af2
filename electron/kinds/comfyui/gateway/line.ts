import { Problem } from '../../../../shared/problems'
import type { GatewayWorld } from '../../gateway'
import { elementsOf, memberOf, membersOf, stringOf } from '../../gateway/spans'

/** Who stands in ComfyUI's line, by prompt ids. */
export interface Line {
  running: string[]
  waiting: string[]
}

/** The second of `[number, prompt_id, …]`. */
export const idOfItem = (item: string): string | null => stringOf(elementsOf(item)?.[1])

const idsOf = (list: string | null) => (elementsOf(list ?? '') ?? []).flatMap((item) => idOfItem(item) ?? [])

/** Asks for the line. Throws a Problem where the service does not tell it. */
export async function askLine(world: GatewayWorld): Promise<Line> {
  const { status, body } = await world.ask({ method: 'GET', target: '/queue', kind: 'queue' })
  const members = status === 200 ? membersOf(body.toString('utf8')) : null
  if (members === null) throw new Problem('gateway.running-unknown')
  return { running: idsOf(memberOf(members, 'queue_running')), waiting: idsOf(memberOf(members, 'queue_pending')) }
}

/** Whether the service has a job of this id, in its line or ended. */
export async function jobsThere(world: GatewayWorld, id: string): Promise<boolean> {
  const { running, waiting } = await askLine(world)
  if (running.includes(id) || waiting.includes(id)) return true
  const target = `/history/${encodeURIComponent(id)}`
  const { status, body } = await world.ask({ method: 'GET', target, kind: 'history' })
  return status !== 200 || membersOf(body.toString('utf8'))?.length !== 0
}
