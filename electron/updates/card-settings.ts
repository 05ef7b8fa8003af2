import type { GpuReport, ServiceConfig } from '../../shared/contract'
import type { Reason } from '../../shared/problems'
import { chooseTorch } from '../kinds/torch'
import { cardOf, driverSystemOf, torchFolder } from '../stacks/cards'
import { readMachine } from '../system/machine'
import { missingSettings } from './settings'
import type { StackOfService } from './stack'

type Settings = ReadonlyMap<string, string>

interface Asked {
  gpus: { report(): Promise<GpuReport> }
  stack: Pick<StackOfService, 'template' | 'fresh'>
  config: Pick<ServiceConfig, 'gpuUuid'>
  /** The `.env` as it stands. */
  present: Settings
}

/** The card that a stack runs on: null for none, undefined where neither its `.env` nor the service names one. */
function uuidOf({ gpuUuid }: Asked['config'], present: Settings): string | null | undefined {
  const named = present.get('GPU_UUID')
  return named === 'none' ? null : named || gpuUuid
}

/**
 * The settings that a stack's `.env` lacks, with the example's values; which PyTorch is built follows from the card.
 * `refused`: no build runs there, and why. A build that the `.env` names already is its owner's choice.
 */
export async function lackingSettings({ gpus, stack: { template, fresh }, config, present }: Asked): Promise<{
  added: [key: string, value: string][]
  refused: Reason | null
}> {
  const added = missingSettings(fresh.get('.env.example') ?? '', present)
  const uuid = uuidOf(config, present)
  if (uuid === undefined || !added.some(([key]) => key === 'TORCH_BUILD')) return { added, refused: null }
  const choice = chooseTorch(template.torch, cardOf(await gpus.report(), uuid), driverSystemOf(readMachine()))
  if ('refused' in choice) return { added, refused: choice.refused }
  const build = torchFolder(choice.build)
  return { added: added.map(([key, value]) => [key, key === 'TORCH_BUILD' ? build : value]), refused: null }
}
