import { ActionIcon, Button, Kbd, Progress } from '@mantine/core'
import { IconPlayerPlay, IconPlayerStop, IconRefresh, IconTag, IconX, type Icon } from '@tabler/icons-react'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { serviceName } from '../../../../shared/service-name'
import { useIsAdmin } from '../../../api/useSession'
import { formatList } from '../../../i18n/format'
import { ConfirmDialog } from '../../../ui/ConfirmDialog'
import { StatusIcon } from '../../../ui/Status'
import { Tooltip } from '../../../ui/Tooltip'
import { useRecentGenerations } from '../../gallery/useRecentGenerations'
import { startOrder } from '../room'
import { jobsOf } from '../state'
import c from './BulkBar.module.css'
import { appliesTo, bulkActs, type BulkAct } from './bulk'
import type { useBulk } from './useBulk'
import { lazyPart } from '../../../ui/parts'

const StartOrder = lazyPart(() => import('../StartOrder'))
const TagsDialog = lazyPart(() => import('./TagsDialog'))

const icons: Record<BulkAct, Icon> = { start: IconPlayerPlay, stop: IconPlayerStop, restart: IconRefresh }

type Bulk = ReturnType<typeof useBulk>

/** What goes on, with a way to stop after the present one. */
function Running({ bulk }: { bulk: Bulk }) {
  const { t } = useTranslation(['list', 'common'])
  if (!bulk.run) return null
  const { act, done, count, isCancelled } = bulk.run
  const words = t(`bulk.running.${act}`, { at: done + 1, count })
  return (
    <>
      <span role="status" className={c.running}>
        {isCancelled ? t('bulk.ending') : words}
      </span>
      <Progress className={c.progress} value={(done / count) * 100} size={4} radius={2} aria-label={words} />
      <Button variant="default" onClick={bulk.cancel} disabled={isCancelled}>
        {t('common:action.cancel')}
      </Button>
    </>
  )
}

function ActButton({ act, services, onClick }: { act: BulkAct; services: readonly Service[]; onClick: () => void }) {
  const { t } = useTranslation('list')
  const count = services.length
  const I = icons[act]
  const groups = act === 'start' ? startOrder(services) : []
  if (count === 0) return null
  return (
    <Tooltip
      label={
        <Suspense>
          <StartOrder groups={groups} />
        </Suspense>
      }
      disabled={!groups.some(({ ids }) => ids.length > 1)}
      multiline
      maw={320}
    >
      <Button variant="default" leftSection={<I size={16} stroke={1.6} />} onClick={onClick}>
        {t(`bulk.${act}`, { count })}
      </Button>
    </Tooltip>
  )
}

interface AskProps {
  act: 'stop' | 'restart'
  services: readonly Service[]
  bulk: Bulk
  /** How many jobs it costs. */
  jobs: number
  onClose: () => void
}

/** Asks before several services are stopped or restarted: which, and what it costs. */
function Ask({ act, services, bulk, jobs, onClose }: AskProps) {
  const { t } = useTranslation('list')
  const targets = appliesTo(act, services)
  return (
    <ConfirmDialog
      opened
      onClose={onClose}
      title={t(`bulk.ask.${act}`, { count: targets.length })}
      confirm={t(`bulk.sure.${act}`, { count: targets.length })}
      onConfirm={() => {
        onClose()
        bulk.begin(act, targets)
      }}
    >
      <p>{formatList(targets.map(serviceName))}</p>
      {jobs > 0 && <p>{t('bulk.cost', { count: jobs })}</p>}
    </ConfirmDialog>
  )
}

interface BulkBarProps {
  services: readonly Service[]
  bulk: Bulk
  onClear: () => void
}

/** What can be done with the chosen ones: each button says to how many it applies, and the line what it costs. */
export function BulkBar({ services, bulk, onClear }: BulkBarProps) {
  const { t } = useTranslation('list')
  const isAdmin = useIsAdmin()
  const [asked, setAsked] = useState<'stop' | 'restart' | null>(null)
  const [isTagging, setTagging] = useState(false)
  const generations = useRecentGenerations()
  const jobs = appliesTo('stop', services).reduce((sum, service) => sum + jobsOf(service, generations), 0)
  return (
    <div className={c.bar} role="toolbar" aria-label={t('bulk.label')}>
      <span className={c.count}>
        <b className="num">{services.length}</b> {t('bulk.selected', { count: services.length })}
      </span>
      {bulk.run ? (
        <Running bulk={bulk} />
      ) : (
        <>
          {bulkActs.map((act) => (
            <ActButton
              key={act}
              act={act}
              services={appliesTo(act, services)}
              onClick={() => (act === 'start' ? bulk.begin(act, appliesTo(act, services)) : setAsked(act))}
            />
          ))}
          {isAdmin && (
            <Button variant="default" leftSection={<IconTag size={16} stroke={1.6} />} onClick={() => setTagging(true)}>
              {t('column.tags')}
            </Button>
          )}
          {jobs > 0 && (
            <span className={c.note}>
              <StatusIcon of="warning" size={15} />
              {t('bulk.cost', { count: jobs })}
            </span>
          )}
          <ActionIcon variant="subtle" color="gray" size={28} aria-label={t('bulk.clear')} onClick={onClear}>
            <IconX size={16} />
          </ActionIcon>
          <Kbd className={c.key}>Esc</Kbd>
        </>
      )}
      {asked && <Ask act={asked} services={services} bulk={bulk} jobs={jobs} onClose={() => setAsked(null)} />}
      {isTagging && (
        <Suspense>
          <TagsDialog services={services} onClose={() => setTagging(false)} />
        </Suspense>
      )}
    </div>
  )
}
