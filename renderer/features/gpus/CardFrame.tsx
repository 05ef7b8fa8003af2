import { IconCpu, IconHistory, IconId } from '@tabler/icons-react'
import { Suspense, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { cardName } from '../../../shared/cards'
import { Page, type PageProps } from '../../ui/Page'
import { PageTabList, PageTabPanel, PageTabs } from '../../ui/PageTabs'
import { hrefOf, navigate } from '../../ui/route'
import { Loading } from '../../ui/States'
import { useGpuOf } from './useGpus'

const tabs = [
  { id: 'now', icon: IconCpu },
  { id: 'history', icon: IconHistory },
  { id: 'identity', icon: IconId },
] as const

interface CardFrameProps extends Pick<PageProps, 'pill' | 'lead' | 'actions'> {
  uuid: string
  current: (typeof tabs)[number]['id']
  /** The card's name where the page knows it; else that of the last sample. */
  title?: string | undefined
  children: ReactNode
}

/** What the pages of one card share: its name, the way back to all cards, and its tabs. */
export function CardFrame({ uuid, current, title, children, ...page }: CardFrameProps) {
  const { t } = useTranslation(['gpus', 'common'])
  const card = useGpuOf(uuid)
  const name = title ?? (card ? t('cardTitle', { index: card.index, name: cardName(card.name) }) : t('card'))
  return (
    <PageTabs
      current={current}
      onChange={(tab) => navigate('gpus', uuid, tab === null || tab === 'now' ? undefined : tab)}
    >
      <Page
        {...page}
        title={name}
        parent={{ label: t('common:nav.gpus'), href: hrefOf('gpus') }}
        bar={
          <PageTabList
            tabs={tabs.map(({ id, icon }) => ({ id, icon, label: t(`tab.${id}`) }))}
            current={current}
            label={t('tab.label', { name })}
          />
        }
      >
        {tabs.map(({ id }) => (
          <PageTabPanel key={id} id={id}>
            {id === current && <Suspense fallback={<Loading rows={6} />}>{children}</Suspense>}
          </PageTabPanel>
        ))}
      </Page>
    </PageTabs>
  )
}
