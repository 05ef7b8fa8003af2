import type { GpuReport, StackCard } from '../../shared/contract'
import { chooseTorch, type Card, type DriverSystem, type TorchBuild, type TorchChoice } from '../kinds/torch'
import type { Machine } from '../system/machine'
import type { StackTemplate } from './templates'

/** Whose numbers the driver of this machine has. */
export const driverSystemOf = ({ platform, isWsl }: Machine): DriverSystem =>
  platform === 'win32' || isWsl ? 'windows' : 'linux'

/** What is known of the card that was chosen; null where none was. A part of a card (MIG) has the machine's driver. */
export function cardOf({ gpus }: Pick<GpuReport, 'gpus'>, uuid: string | null): Card | null {
  if (uuid === null) return null
  const gpu = gpus.find((one) => one.uuid === uuid)
  return {
    name: gpu?.name ?? uuid,
    computeCapability: gpu?.computeCapability ?? null,
    // One driver serves every card of a machine.
    driverVersion: gpu?.driverVersion ?? gpus.find((one) => one.driverVersion !== null)?.driverVersion ?? null,
  }
}

/** The folder of PyTorch's packages that a choice comes from; a refused one has none that would do. */
export const torchFolder = (build: TorchBuild | null): string => build?.id ?? 'cpu'

function told(version: string, uuid: string | null, card: Card | null, choice: TorchChoice): StackCard {
  const common = {
    gpuUuid: uuid,
    pytorch: version,
    computeCapability: card?.computeCapability ?? null,
    driverVersion: card?.driverVersion ?? null,
  }
  if ('refused' in choice) return { ...common, state: 'failed', cuda: null, reason: choice.refused }
  const { build, warning } = choice
  const cuda = card === null ? null : (build?.cuda ?? null)
  return { ...common, state: warning ? 'warning' : 'ok', cuda, ...(warning && { reason: warning }) }
}

/** What a stack would install for each card of this machine, and without one. */
export const stackCards = (
  { torch }: Pick<StackTemplate, 'torch'>,
  report: Pick<GpuReport, 'gpus'>,
  system: DriverSystem,
): StackCard[] =>
  [...report.gpus.map(({ uuid }) => uuid), null].map((uuid) => {
    const card = cardOf(report, uuid)
    return told(torch.version, uuid, card, chooseTorch(torch, card, system))
  })
