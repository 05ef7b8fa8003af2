import type { WorkflowDetail } from '../../../../../shared/contract'

/** How a node is drawn; what is worse comes first where several hold. */
export type NodeLook = 'missing' | 'bypassed' | 'muted' | 'pinned' | 'plain'

/** How each node is drawn. */
export function looksOf(
  { graph, form, pinned }: Pick<WorkflowDetail, 'graph' | 'form' | 'pinned'>,
  missing: ReadonlySet<string>,
): Map<string, NodeLook> {
  const pins = new Set(pinned)
  const withPins = new Set(form.filter(({ id }) => pins.has(id)).map(({ node }) => node))
  return new Map(
    graph.map(({ id, state }) => {
      if (state === 'bypassed' || state === 'muted') return [id, state]
      return [id, missing.has(id) ? 'missing' : withPins.has(id) ? 'pinned' : 'plain']
    }),
  )
}
