import { IconChevronDown, IconChevronRight } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Gpu } from '../../../../shared/contract'
import { cardName, cardWarmC } from '../../../../shared/cards'
import { formatGiBNumber, formatInteger, formatMiB } from '../../../i18n/format'
import { StatusIcon } from '../../../ui/Status'
import { useGpuFigure } from '../../gpus/useGpus'
import type { ServiceGroup } from './groups'
import c from './Rows.module.css'

/** How much of a card is free now, and whether it is hot. */
function CardFigures({ gpu, isIdle }: { gpu: Gpu; isIdle: boolean }) {
  const { t } = useTranslation('list')
  const now = (uuid: string) => (feed: { report: { gpus: readonly Gpu[] } | null }) =>
    feed.report?.gpus.find((one) => one.uuid === uuid)
  const free = useGpuFigure((feed) => now(gpu.uuid)(feed)?.memoryFreeMiB ?? null)
  const temperature = useGpuFigure((feed) => now(gpu.uuid)(feed)?.temperatureC ?? null)
  const total = gpu.memoryTotalMiB
  return (
    <>
      {temperature !== null && temperature >= cardWarmC && (
        <span className={c.groupHot}>
          <StatusIcon of="hot" size={13} />
          {t('celsius', { n: formatInteger(temperature) })}
        </span>
      )}
      {free !== null && total !== null && (
        <span className={c.groupFree} data-free={isIdle || undefined}>
          {isIdle
            ? t('cardFree', { free: formatMiB(free) })
            : t('freeOf', { free: formatGiBNumber(free), total: formatMiB(total) })}
        </span>
      )}
    </>
  )
}

function useTitle(head: ServiceGroup['head']): string {
  const { t } = useTranslation('list')
  switch (head.of) {
    case 'gpu':
      return cardName(head.gpu.name)
    case 'absent-gpu':
      return t('absentGpu')
    case 'machine':
      return head.machine === 'local' ? t('thisMachine') : head.machine
    case 'tag':
      return head.tag
    case 'none':
      return ''
    case 'no-gpu':
      return t('noGpu')
    case 'other-machines':
      return t('otherMachines')
    case 'untagged':
      return t('untagged')
  }
}

interface GroupHeadProps {
  group: ServiceGroup
  isFolded: boolean
  onFold: () => void
  /** The list that it folds. */
  controls: string
}

/** The head of a group, which folds it. */
export function GroupHead({ group, isFolded, onFold, controls }: GroupHeadProps) {
  const { t } = useTranslation('list')
  const { head, services } = group
  const title = useTitle(head)
  const isIdle = useGpuFigure(({ report }) => {
    if (head.of !== 'gpu') return false
    const processes = report?.gpus.find(({ uuid }) => uuid === head.gpu.uuid)?.processes ?? []
    return processes.every(({ serviceId }) => serviceId === null)
  })
  const I = isFolded ? IconChevronRight : IconChevronDown
  return (
    <h3 className={c.group}>
      <button type="button" aria-expanded={!isFolded} aria-controls={controls} onClick={onFold}>
        <I size={14} stroke={1.8} aria-hidden className={c.fold} />
        {title}
        {head.of === 'gpu' && <span>{t('gpuIndex', { index: head.gpu.index })}</span>}
        <span className={c.count}>{t('services', { count: services.length })}</span>
      </button>
      {head.of === 'gpu' && <CardFigures gpu={head.gpu} isIdle={isIdle} />}
    </h3>
  )
}
