import { IconClock, IconDatabase, type Icon } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { Family } from '../../../shared/contract'
import { formatMiB, formatTenths } from '../../i18n/format'
import c from './ModelFigures.module.css'

interface ModelFiguresProps {
  family: Family
  /** How long its last images took on this machine, in ms; null before there was one. */
  measuredMs: number | null
  /** How many images it takes. */
  images?: number
}

/** What a model takes: measured on this machine where it ran, else as published. */
export function ModelFigures({ family: { expected, defaults }, measuredMs, images = 1 }: ModelFiguresProps) {
  const { t } = useTranslation('studio')
  const size = expected.vramMiB ?? expected.filesMiB
  return (
    <dl className={c.figures}>
      <Figure
        icon={IconClock}
        label={t('figures.time')}
        value={measuredMs === null ? t('figures.notMeasured') : `${formatTenths(measuredMs / 1000)} s`}
        isOld={measuredMs === null}
      />
      {size !== null && (
        <Figure
          icon={IconDatabase}
          label={t(expected.vramMiB === null ? 'figures.files' : 'figures.vram')}
          value={formatMiB(size)}
        />
      )}
      <Figure label={t('figures.stepsLabel')} value={t('figures.steps', { count: defaults.steps })} />
      {images > 1 && <Figure label={t('figures.imagesLabel')} value={t('figures.images', { count: images })} />}
    </dl>
  )
}

interface FigureProps {
  icon?: Icon
  label: string
  value: string
  isOld?: boolean
}

const Figure = ({ icon: I, label, value, isOld = false }: FigureProps) => (
  <div title={label} data-quiet={isOld || undefined}>
    <dt>
      {I && <I size={14} stroke={1.6} aria-hidden />}
      <span className="visually-hidden">{label}</span>
    </dt>
    <dd>{value}</dd>
  </div>
)
