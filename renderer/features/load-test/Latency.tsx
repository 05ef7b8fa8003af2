import { useTranslation } from 'react-i18next'
import type { LoadTestFigures } from '../../../shared/contract'
import { formatDuration } from '../../i18n/format'
import { Panel } from '../../ui/Panel'
import c from './LoadTest.module.css'

const rows = ['p50', 'p90', 'p95', 'p99', 'worst'] as const

/** How long images took, split into what they waited and what they were at work. */
export function Latency({ figures }: { figures: LoadTestFigures }) {
  const { t } = useTranslation('load')
  const longest = figures.worst?.ms ?? 0
  const isSplit = rows.every((name) => figures[name]?.queueMs !== null)
  return (
    <Panel title={t('latency.title')} note={t('latency.note')}>
      {longest === 0 ? (
        <p className={c.text}>{t('latency.none')}</p>
      ) : (
        <>
          <ul className={c.latency}>
            {rows.map((name) => {
              const of = figures[name]
              if (!of) return null
              const { ms, queueMs, gpuMs } = of
              const share = (part: number) => `${(100 * part) / longest}%`
              const word = name === 'worst' ? t('latency.worst') : name
              const [total, queue, gpu] = [ms, queueMs ?? 0, gpuMs ?? 0].map(formatDuration)
              return (
                <li key={name}>
                  <span aria-hidden>{word}</span>
                  <span className={c.barTrack} aria-hidden>
                    <i style={{ width: share(queueMs ?? 0) }} data-queue />
                    <i style={{ width: share(gpuMs ?? ms) }} />
                  </span>
                  <b className="num" aria-hidden>
                    {total}
                  </b>
                  <span className="visually-hidden">
                    {queueMs === null ? `${word}: ${total}` : t('latency.words', { name: word, total, queue, gpu })}
                  </span>
                </li>
              )
            })}
          </ul>
          <p className={c.legend}>
            {isSplit ? (
              <>
                <i data-queue aria-hidden /> {t('latency.queue')} <i aria-hidden /> {t('latency.gpu')}
              </>
            ) : (
              t('latency.unknown')
            )}
          </p>
        </>
      )}
    </Panel>
  )
}
