import { IconAlertTriangleFilled, IconMoonFilled, IconPlayerPlayFilled, IconPower } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { GpuHistory } from '../../../../shared/contract'
import { useNames } from '../card/useNames'
import { lifeOf, marksOf, type Mark } from './life'
import { placeOf } from './view'
import c from './Lanes.module.css'

const icons = {
  started: IconPlayerPlayFilled,
  asleep: IconMoonFilled,
  stopped: IconPower,
  crashed: IconAlertTriangleFilled,
} satisfies Record<Mark, unknown>

const marks: readonly Mark[] = ['started', 'asleep', 'stopped', 'crashed']

function MarkIcon({ mark }: { mark: Mark }) {
  const I = icons[mark]
  return (
    <span className={c.mark} data-mark={mark} aria-hidden>
      <I size={10} />
    </span>
  )
}

/** What the marks of the lanes mean. */
export function MarkLegend() {
  const { t } = useTranslation('cardHistory')
  return (
    <div className={c.legend}>
      {marks.map((mark) => (
        <span key={mark}>
          <MarkIcon mark={mark} /> {t(`mark.${mark}`)}
        </span>
      ))}
    </div>
  )
}

function Lane({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className={c.lane}>
      <span className="ellipsis" title={label}>
        {label}
      </span>
      <div className={c.rail}>{children}</div>
    </div>
  )
}

function Stretches({
  of,
  history,
  look,
}: {
  of: readonly { from: number; to: number }[]
  history: GpuHistory
  look: string
}) {
  return of.map((one) => <i key={one.from} data-look={look} style={placeOf(one, history)} />)
}

/** A row a service with its life, its jobs and its marks, and one for when the card was slowed. For the eye alone. */
export function Lanes({ history }: { history: GpuHistory }) {
  const { t } = useTranslation('cardHistory')
  const names = useNames()
  const { work, events, slowed } = history
  return (
    <div aria-hidden className={c.lanes}>
      {work.map(({ serviceId, spans }) => {
        const own = events.filter((event) => event.serviceId === serviceId)
        return (
          <Lane key={serviceId} label={names.service(serviceId)}>
            <Stretches of={lifeOf(own, history)} history={history} look="life" />
            <Stretches of={spans} history={history} look="work" />
            {marksOf(own, history).map(({ at, mark }) => (
              <span key={at} className={c.place} style={{ left: placeOf({ from: at, to: at }, history).left }}>
                <MarkIcon mark={mark} />
              </span>
            ))}
          </Lane>
        )
      })}
      <Lane label={t('lane.slowed')}>
        <Stretches of={slowed} history={history} look="slowed" />
      </Lane>
    </div>
  )
}
