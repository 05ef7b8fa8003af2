import { IconPhotoCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Golden, ProvedRung, Service } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { Panel } from '../../ui/Panel'
import { Empty } from '../../ui/States'
import { CheckList } from './CheckList'
import { LastCheck, RunButton, Running } from './LastCheck'
import { Schedule } from './Schedule'
import { Trend } from './Trend'
import c from './Golden.module.css'

/** Nothing was checked yet: what it is, and the way to begin. */
function First({ golden, isReady }: { golden: Golden; isReady: boolean }) {
  const { t } = useTranslation('golden')
  if (golden.running)
    return (
      <Panel title={t('last.title')} action={<RunButton golden={golden} isReady={isReady} />}>
        <Running check={golden.running} />
      </Panel>
    )
  return (
    <Empty icon={IconPhotoCheck} title={t('empty.title')} action={<RunButton golden={golden} isReady={isReady} />}>
      {t('empty.text')}
    </Empty>
  )
}

function Page({ golden, isReady, proved }: { golden: Golden; isReady: boolean; proved: ProvedRung | undefined }) {
  const last = golden.checks[0] ?? null
  return (
    <div className={c.page}>
      <div className={c.main}>
        {last === null ? (
          <First golden={golden} isReady={isReady} />
        ) : (
          <>
            <LastCheck golden={golden} last={last} isReady={isReady} proved={proved} />
            <Trend golden={golden} />
          </>
        )}
      </div>
      <div className={c.side}>
        <Schedule golden={golden} last={last} />
        {last !== null && <CheckList golden={golden} />}
      </div>
    </div>
  )
}

/** Whether the service still makes the image that it made, and as fast as it did. */
export default function GoldenTab({ service }: { service: Service }) {
  const query = useQuery(api.golden.get.queryOptions({ input: { id: service.id } }))
  const isReady = service.health.state === 'ready' && service.operation === null
  return (
    <Loaded query={query}>
      {(golden) => <Page golden={golden} isReady={isReady} proved={service.health.proved} />}
    </Loaded>
  )
}
