import { useTranslation } from 'react-i18next'
import type { ServiceIdle, Sleeper, SleepKeeper } from '../../../shared/contract'
import { formatClock } from '../../i18n/format'
import c from './Gateway.module.css'

function Words({ of }: { of: SleepKeeper }) {
  const { t } = useTranslation('gateway')
  switch (of.by) {
    case 'jobs': {
      const { running, waiting } = of
      return [
        ...(running > 0 ? [t('sleep.keeps.running', { count: running })] : []),
        ...(waiting > 0 ? [t('sleep.keeps.waiting', { count: waiting })] : []),
      ].join(', ')
    }
    case 'requests':
    case 'answers':
      return t(`sleep.keeps.${of.by}`, { count: of.count })
    case 'hours':
      return of.until === null ? t('sleep.keeps.hoursAlways') : t('sleep.keeps.hours', { at: formatClock(of.until) })
    case 'rotation':
      return t('sleep.keeps.rotation', { id: of.credentialId })
    case 'unseen':
      return t('sleep.keeps.unseen')
  }
}

interface KeepersProps {
  idle: ServiceIdle
  sleeper: Sleeper | undefined
  /** WebSockets that are open through the gateway: they look like use, and are none. */
  sockets: number
}

/** What keeps a service awake now, and what does not though it looks so; nothing where nothing puts it to sleep. */
export function Keepers({ idle: { stopAfterMin, unloadAfterMin }, sleeper, sockets }: KeepersProps) {
  const { t } = useTranslation('gateway')
  if (sleeper?.state !== 'awake' || (stopAfterMin === null && unloadAfterMin === null)) return null
  const { keeps } = sleeper
  return (
    <div className={c.note}>
      {keeps.length === 0 ? (
        t('sleep.keeps.nothing')
      ) : (
        <>
          <span id="keeps-awake">{t('sleep.keeps.title')}</span>
          <ul className={c.keeps} aria-labelledby="keeps-awake">
            {keeps.map((one) => (
              <li key={one.by}>
                <Words of={one} />
              </li>
            ))}
          </ul>
        </>
      )}
      {sockets > 0 && <p className={c.keepsNot}>{t('sleep.keeps.sockets', { count: sockets })}</p>}
    </div>
  )
}
