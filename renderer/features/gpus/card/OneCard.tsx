import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/query'
import { Panel } from '../../../ui/Panel'
import { CardLanes } from './CardLanes'
import { CardNow } from './CardNow'
import { FitTogether, LastTurns } from './CardTables'
import { useNames } from './useNames'
import { WaitingLine } from './WaitingLine'
import c from './OneCard.module.css'

/** A card that several services share by turns; nothing where fewer do. */
export default function OneCard({ uuid, name }: { uuid: string; name: string }) {
  const { t } = useTranslation('card')
  const { data: card } = useQuery({ ...api.gpus.turns.queryOptions({ input: { uuid } }), retry: false })
  const names = useNames()
  if (!card || card.lanes.length < 2) return null
  const waiting = card.waiting.map(({ serviceId, by, since, reason }) => ({
    ...{ name: by === null ? null : names.person(by), since, reason },
    service: { id: serviceId, name: names.service(serviceId) },
  }))
  return (
    <section className={c.page} aria-label={t('title', { name })}>
      <CardNow card={card} names={names} />
      <CardLanes card={card} names={names} />
      <Panel
        title={t('waiting.title')}
        {...(waiting.length > 0 && { note: t('waiting.note', { count: waiting.length }) })}
        flush
      >
        {waiting.length === 0 ? (
          <p className={c.none}>{t('waiting.none')}</p>
        ) : (
          <WaitingLine waiting={waiting} label={t('waiting.title')} />
        )}
      </Panel>
      <div className={c.pair}>
        <LastTurns card={card} names={names} />
        <FitTogether card={card} names={names} />
      </div>
    </section>
  )
}
