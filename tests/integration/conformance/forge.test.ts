import type { ForgeOptions } from '../../../electron/simulator/forge'
import { forgeTables } from '../../conformance/forge'
import { lookAtForge, type ForgeWorld } from '../../conformance/forge/world'
import { account, forge } from '../simulator/support'
import { describeConformance, type State } from './support'

const simulated = (options: Partial<ForgeOptions>) => async (): Promise<ForgeWorld> => {
  const { url } = await forge({ ...options, behaviour: { stepMs: 10 } })
  return lookAtForge({ url, account: options.protect === 'none' ? null : account })
}

const states: readonly State<ForgeWorld>[] = [
  { name: '--api', start: simulated({ protect: 'none' }) },
  { name: '--api --api-auth', start: simulated({ protect: 'api' }), atNight: true },
  { name: '--api --gradio-auth', start: simulated({ protect: 'gradio' }), atNight: true },
  { name: '--api with both', start: simulated({ protect: 'both' }) },
  { name: '--nowebui', start: simulated({ protect: 'none', nowebui: true }), atNight: true },
  { name: '--nowebui --api-auth', start: simulated({ protect: 'api', nowebui: true }), atNight: true },
  { name: 'Neo, --api --api-auth', start: simulated({ protect: 'api', neo: true }) },
  { name: 'Neo, --nowebui', start: simulated({ protect: 'none', nowebui: true, neo: true }), atNight: true },
  { name: 'without --api', start: simulated({ protect: 'none', api: false }), atNight: true },
  { name: '--gradio-auth without --api', start: simulated({ protect: 'gradio', api: false }), atNight: true },
]

describeConformance(forgeTables, states)
