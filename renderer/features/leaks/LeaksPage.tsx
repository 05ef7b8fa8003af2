import { Button } from '@mantine/core'
import { IconKey, IconLock, IconPlayerStop, IconSearch, IconShieldCheck, IconZoomQuestion } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { LeakScan } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { Page } from '../../ui/Page'
import { Empty, Loading } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import { hrefOf } from '../../ui/route'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { formatBytes, formatInteger } from '../../i18n/format'
import { Findings } from './Findings'
import c from './Leaks.module.css'
import { formId, ScanForm } from './ScanForm'
import { Progress, WhatWasRead } from './ScanState'
import { useLeakScan } from './useLeakScan'
import { Loaded } from '../../api/Loaded'

/** Where secrets of the vault still stand outside of it. */
export default function LeaksPage() {
  const { t } = useTranslation('leaks')
  const isAdmin = useIsAdmin()
  if (isAdmin) return <Opened />
  return (
    <Page title={t('title')} parent={parentOf(t('parent'))}>
      <Empty icon={IconLock} title={t('adminOnly.title')}>
        {t('adminOnly.text')}
      </Empty>
    </Page>
  )
}

const parentOf = (label: string) => ({ label, href: hrefOf('credentials') })

const keep = (scan: LeakScan) => queryClient.setQueryData(api.leaks.last.queryKey(), scan)

function Cancel() {
  const { t } = useTranslation('leaks')
  const cancel = useMutation(api.leaks.cancel.mutationOptions({ onSuccess: keep }))
  return (
    <Button
      variant="default"
      leftSection={<IconPlayerStop size={16} />}
      loading={cancel.isPending}
      onClick={() => cancel.mutate(undefined)}
    >
      {t('cancel')}
    </Button>
  )
}

function Opened() {
  const { t } = useTranslation('leaks')
  const query = useLeakScan()
  const credentials = useQuery(api.credentials.list.queryOptions())
  const services = useQuery(api.services.list.queryOptions())
  const start = useMutation(api.leaks.scan.mutationOptions({ onSuccess: keep, meta: { quiet: true } }))
  const scan = query.data ?? null
  const isRunning = scan?.state === 'running'
  return (
    <Page
      title={t('title')}
      parent={parentOf(t('parent'))}
      lead={scan && !isRunning && <Lead scan={scan} />}
      actions={
        isRunning ? (
          <Cancel />
        ) : (
          <Button type="submit" form={formId} leftSection={<IconSearch size={16} />} loading={start.isPending}>
            {t(scan ? 'again' : 'start')}
          </Button>
        )
      }
    >
      <Loaded query={credentials} loading={<Loading rows={8} />}>
        {(all) =>
          all.length === 0 ? (
            <Empty icon={IconKey} title={t('none.title')}>
              {t('none.text')}
            </Empty>
          ) : (
            <Loaded query={query} loading={<Loading rows={8} />}>
              {() => (
                <div className={c.page}>
                  <div className={c.results} aria-busy={isRunning}>
                    <Results scan={scan} />
                  </div>
                  <div className={c.side}>
                    <ScanForm
                      last={scan}
                      credentials={all}
                      hasContainers={(services.data ?? []).some(({ runtime }) => runtime === 'compose')}
                      isRunning={isRunning}
                      error={start.error}
                      onScan={(input) => start.mutate({ ...input, wait: false })}
                    />
                    {scan && !isRunning && <WhatWasRead scan={scan} />}
                  </div>
                </div>
              )}
            </Loaded>
          )
        }
      </Loaded>
    </Page>
  )
}

const leaksIn = ({ findings, unlisted }: LeakScan) =>
  findings.filter(({ severity }) => severity !== 'expected').length + unlisted

const extent = ({ progress }: LeakScan) => ({ items: formatInteger(progress.items), size: formatBytes(progress.bytes) })

function Lead({ scan }: { scan: LeakScan }) {
  const { t } = useTranslation('leaks')
  return <span role="status">{t('lead', { count: leaksIn(scan), ...extent(scan) })}</span>
}

function Results({ scan }: { scan: LeakScan | null }) {
  const { t } = useTranslation('leaks')
  if (!scan) {
    return (
      <Empty icon={IconZoomQuestion} title={t('never.title')}>
        {t('never.text')}
      </Empty>
    )
  }
  if (scan.state === 'running') return <Progress scan={scan} />
  const isClean = leaksIn(scan) === 0
  return (
    <>
      {scan.state === 'failed' && <Failed scan={scan} />}
      {scan.state === 'cancelled' && <p className={c.note}>{t('cancelled')}</p>}
      {isClean && scan.state === 'done' && (
        <Empty icon={IconShieldCheck} title={t('clean.title')}>
          {t('clean.text', extent(scan))}
        </Empty>
      )}
      <Findings scan={scan} />
    </>
  )
}

function Failed({ scan }: { scan: LeakScan }) {
  const reason = scan.reason && describeReason(scan.reason)
  if (!reason) return null
  return (
    <p className={c.failed} role="alert">
      <StatusIcon of="failed" size={16} />
      <span>
        <b>{reason.message}</b> {reason.hint}
      </span>
    </p>
  )
}
