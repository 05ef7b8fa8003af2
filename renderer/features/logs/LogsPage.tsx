import { IconFileText } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../api/query'
import { LogPane } from './LogPane'
import { Page } from '../../ui/Page'
import { Empty } from '../../ui/States'
import { hrefOf } from '../../ui/route'
import { Loaded } from '../../api/Loaded'

/** Of each service; a page keeps a hundred thousand of all together. */
const tail = 5_000

/** The logs of all services in one, by their times. */
export default function LogsPage() {
  const { t } = useTranslation(['logs', 'common'])
  const services = useQuery(api.services.list.queryOptions())
  return (
    <Page title={t('allTitle')} parent={{ label: t('common:nav.services'), href: hrefOf('services') }}>
      <Loaded query={services}>
        {(list) =>
          list.length === 0 ? (
            <Empty icon={IconFileText} title={t('noServices')} />
          ) : (
            <LogPane services={list.map(({ id }) => id)} tail={tail} title={t('title')} />
          )
        }
      </Loaded>
    </Page>
  )
}
