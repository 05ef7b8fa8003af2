import { useQuery } from '@tanstack/react-query'
import { Button } from '@mantine/core'
import { IconRefresh } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import { cardName } from '../../../shared/cards'
import type { CardIdentity } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { formatMiB } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { Facts, Panel } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import { StatusPill } from '../../ui/Status'
import { CardFrame } from '../gpus/CardFrame'
import { CopyButton } from '../../ui/CopyText'
import { Fix } from './Fix'
import { Orders } from './Orders'
import { Requested } from './Requested'
import c from './CardIdentity.module.css'

function About({ uuid, identity }: { uuid: string; identity: CardIdentity }) {
  const { t } = useTranslation('identity')
  const card = identity.cards.find((one) => one.uuid === uuid)
  const unknown = <span className="dim">{t('unknown')}</span>
  const isOrderKnown = identity.cards.every(({ fastestFirst }) => fastestFirst !== null)
  return (
    <div className={c.column}>
      <Panel title={card?.name ?? uuid}>
        <div className={c.uuid}>
          <code>{uuid}</code>
          <CopyButton text={uuid} label={t('copyUuid')} />
        </div>
        <Facts
          labelWidth={120}
          rows={[
            [t('bus'), card?.busId ?? unknown],
            [t('memory'), card?.memoryTotalMiB === null || !card ? unknown : formatMiB(card.memoryTotalMiB)],
          ]}
        />
      </Panel>
      <Panel title={t('why.title')}>
        <p className={c.prose}>{t('why.text')}</p>
        {!isOrderKnown && identity.cards.length > 1 && (
          <>
            <p className={c.prose}>{t('why.unknown')}</p>
            <div className={c.uuid}>
              <code>{identity.command}</code>
              <CopyButton text={identity.command} label={t('copyCommand')} />
            </div>
          </>
        )}
      </Panel>
    </div>
  )
}

function Content({ uuid, identity }: { uuid: string; identity: CardIdentity }) {
  const here = identity.services.filter(({ onCard }) => onCard)
  return (
    <div className={c.page}>
      <About uuid={uuid} identity={identity} />
      <div className={c.column}>
        <Orders uuid={uuid} identity={identity} />
        <Requested here={here} all={identity.services} />
        {here
          .filter(({ state }) => state === 'contradicts')
          .map((service) => (
            <Fix key={service.serviceId} service={service} />
          ))}
      </div>
    </div>
  )
}

/** Which card is meant: its number in every order, what services ask for and report, and how to mend what contradicts. */
export default function CardIdentityPage({ uuid }: { uuid: string }) {
  const { t } = useTranslation(['identity', 'gpus'])
  const query = useQuery(api.gpus.identity.queryOptions({ input: { uuid }, staleTime: 0 }))
  const { data } = query
  const card = data?.cards.find((one) => one.uuid === uuid)
  const wrong = data?.services.filter(({ onCard, state }) => onCard && state === 'contradicts').length ?? 0
  return (
    <CardFrame
      uuid={uuid}
      current="identity"
      title={card && t('gpus:cardTitle', { index: card.smi, name: cardName(card.name) })}
      {...(data && {
        pill:
          wrong === 0 ? (
            <StatusPill of="in-sync" word={t('inSync')} />
          ) : (
            <StatusPill of="drifted" word={t('contradictions', { count: wrong })} />
          ),
        lead: (
          <span>
            {t('read')} <Ago at={data.at} />
          </span>
        ),
      })}
      actions={
        <Button
          variant="default"
          leftSection={<IconRefresh size={15} stroke={1.6} />}
          onClick={() => void query.refetch()}
          loading={query.isFetching}
        >
          {t('again')}
        </Button>
      }
    >
      <Loaded query={query} loading={<Loading rows={8} />}>
        {(identity) => <Content uuid={uuid} identity={identity} />}
      </Loaded>
    </CardFrame>
  )
}
