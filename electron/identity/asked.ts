import type { EffectiveGpu } from '../../shared/contract'
import { readCudaVisible } from '../compose/files/gpus'
import { byBus, fastestFirst, type Speed } from './order'

/** Each setting that says which card, as it is written. */
export function linesOf({ requests, ...asked }: EffectiveGpu): string[] {
  const setting = (name: string, value: string | null) => (value === null ? [] : [`${name}=${value}`])
  return [
    ...requests.map(({ count, deviceIds, capabilities }) => {
      const which =
        deviceIds.length > 0 ? `device_ids: ${deviceIds.join(', ')}` : `count: ${count === -1 ? 'all' : count}`
      return capabilities.length > 0 ? `${which} (${capabilities.join(', ')})` : which
    }),
    ...(asked.runtime === 'nvidia' ? ['runtime: nvidia'] : []),
    ...setting('NVIDIA_VISIBLE_DEVICES', asked.nvidiaVisibleDevices),
    ...setting('CUDA_VISIBLE_DEVICES', asked.cudaVisibleDevices),
    ...setting('CUDA_DEVICE_ORDER', asked.cudaDeviceOrder),
    ...(asked.programFlag === null ? [] : [asked.programFlag]),
  ]
}

/** The numbers that CUDA is given, by the program's own flag or by the variable. */
function numbersOf({ programFlag, cudaVisibleDevices }: EffectiveGpu): number[] {
  const written = programFlag === null ? cudaVisibleDevices : (programFlag.split(' ').at(-1) ?? null)
  return (readCudaVisible(written)?.entries ?? []).flatMap((entry) => (entry.kind === 'index' ? [entry.index] : []))
}

/**
 * The cards that the settings give; null where they do not tell. Numbers in CUDA's own order are followed as far as that
 * order is known: of several cards without a number, PyTorch takes the first.
 */
export function givenBy(asked: EffectiveGpu, cards: readonly Speed[]): string[] | null {
  if (asked.outcome === 'unknown' || asked.outcome === 'none') return null
  const visible = byBus(cards.filter(({ uuid }) => asked.gpus.some((one) => one.uuid === uuid)))
  const order = asked.cudaDeviceOrder === 'PCI_BUS_ID' ? visible.map(({ uuid }) => uuid) : fastestFirst(visible)
  if (asked.outcome === 'these') {
    if (asked.gpus.length <= 1) return asked.gpus.map(({ uuid }) => uuid)
    const first = asked.cudaVisibleDevices?.startsWith('GPU-') === true ? asked.gpus[0]?.uuid : order[0]
    return first === undefined || first === null ? null : [first]
  }
  const chosen = numbersOf(asked).map((number) => order[number] ?? null)
  return chosen.length === 0 || chosen.some((uuid) => uuid === null) ? null : chosen.flatMap((uuid) => uuid ?? [])
}
