import type { DiscoveryProposal } from '../../shared/contract'
import { callerName, procedures, signalOf } from './procedures'

const { discovery } = procedures

export const discoveryRouter = {
  scan: discovery.scan.handler(async ({ input, context, signal }) => {
    let proposal: DiscoveryProposal | null = null
    for await (const event of context.parts.discovery.scan(input.folder, signalOf(signal)))
      if (event.type === 'proposal') ({ proposal } = event)
    if (!proposal) throw new Error('a search ended without a proposal')
    return proposal
  }),
  scanning: discovery.scanning.handler(({ input, context, signal }) =>
    context.parts.discovery.scan(input.folder, signalOf(signal)),
  ),
  import: discovery.import.handler(({ input, context }) =>
    context.parts.discovery.import(input, callerName(context.caller)),
  ),
  discard: discovery.discard.handler(({ input, context }) => {
    context.parts.discovery.discard(input.id)
    return { id: input.id }
  }),
}
