import type { GoldenCheck } from '../../shared/contract'
import type { Context } from './define'
import type { Panel } from './panel'
import { following } from './waiting'

/** Runs a golden check of a service to its end; ready for it, or refused as the panel refuses it. */
export async function runGolden(
  { client }: Panel,
  id: string,
  { output, say, signal }: Pick<Context, 'output' | 'say' | 'signal'>,
): Promise<GoldenCheck> {
  const begun = await client.golden.run({ id, wait: false }, { signal })
  for await (const event of following((at) => client.system.events(undefined, { signal: at }), signal)) {
    const isMeant = event.type === 'golden' ? event.serviceId === id : event.type === 'hello' || event.type === 'gap'
    if (!isMeant) continue
    const { running, checks } = await client.golden.get({ id }, { signal })
    if (running?.id !== begun.id) return checks.find((check) => check.id === begun.id) ?? begun
    const { phase = 'waiting', step = null, steps = null } = running.progress ?? {}
    output.progress(say('golden.is', { id, phase, step: step === null ? '' : `${step}/${steps ?? '?'}` }))
  }
  return begun
}
