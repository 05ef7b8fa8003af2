import { Button, Progress } from '@mantine/core'
import { IconDownload, IconRefresh, IconX } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Releases } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { useIsAdmin } from '../../api/useSession'
import { describeReason } from '../../i18n'
import { formatSize } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Facts, Panel } from '../../ui/Panel'
import { CopyIcon } from '../../ui/States'
import { StatusIcon } from '../../ui/Status'
import c from '../../ui/Sheet.module.css'
import { lazyPart } from '../../ui/parts'
import own from './Settings.module.css'

const ReleasesDialog = lazyPart(() => import('./ReleasesDialog'))

const refusals = [
  'address',
  'redirect',
  'unreachable',
  'too-long',
  'unreadable',
  'channel',
  'signature',
  'file',
  'replayed',
] as const

/** What is known of the last look, beside a version. */
function LastLook({ releases: { refused, lookedAt, offer } }: { releases: Releases }) {
  const { t } = useTranslation('releases')
  const why = refusals.find((one) => one === refused?.params['detail'])
  if (why)
    return (
      <p className={`${c.text} ${c.why}`} role="status">
        {t('refused')} {t(`refusals.${why}`)}
      </p>
    )
  return offer === null && lookedAt !== null ? (
    <p className={`${c.text} ${c.why}`} role="status">
      {t('upToDate')}
    </p>
  ) : null
}

type Offered = NonNullable<Releases['offer']>

/** How far the new version is, and why it did not come further. */
function OfferState({ releases, offer }: { releases: Releases; offer: Offered }) {
  const { t } = useTranslation('releases')
  const { step, received, failed } = offer
  const size = offer.size ?? 0
  const reason = failed ?? (step === 'told' ? releases.never : null)
  const words = reason && describeReason(reason)
  return (
    <ul className={`${own.notices} ${c.why}`}>
      <li role="status">
        <StatusIcon of={failed ? 'warning' : 'notice'} size={18} />
        <span>
          <b>{t('offer', { version: offer.version })}</b>
          {step === 'told' && releases.never ? (
            <span>{t('byHand')}</span>
          ) : (
            <span>{t(`steps.${step}`, { received: formatSize(received), size: formatSize(size) })}</span>
          )}
          {words && (
            <span>
              {words.message} {words.hint}
            </span>
          )}
          {step === 'ready' && releases.waitsFor.length > 0 && (
            <span>{t('waits', { what: releases.waitsFor.map((what) => t(`waitsFor.${what}`)).join(', ') })}</span>
          )}
          {step === 'downloading' && (
            <Progress value={size === 0 ? 0 : (received / size) * 100} aria-label={t('offer', offer)} mt={6} />
          )}
        </span>
      </li>
    </ul>
  )
}

/** Puts what a call answered in the place of what was known. */
function useReleaseCalls() {
  const cache = useQueryClient()
  const onSuccess = (releases: Releases) => cache.setQueryData(api.releases.read.queryKey(), releases)
  const options = { meta: { quiet: true }, onSuccess }
  const look = useMutation(api.releases.look.mutationOptions(options))
  const download = useMutation(api.releases.download.mutationOptions(options))
  const cancel = useMutation(api.releases.cancel.mutationOptions(options))
  const install = useMutation(api.releases.install.mutationOptions(options))
  return { look, download, cancel, install }
}

/** What can be done next with the new version. */
function OfferActions({
  releases,
  offer,
  calls,
}: {
  releases: Releases
  offer: Offered
  calls: ReturnType<typeof useReleaseCalls>
}) {
  const { t } = useTranslation('releases')
  const [isAsking, setAsking] = useState(false)
  const { download, cancel, install } = calls
  const icon = { size: 16, stroke: 1.6 }
  const waits = releases.installs === 'restart' && releases.waitsFor.length > 0
  return (
    <>
      {offer.step === 'offered' && (
        <Button
          leftSection={<IconDownload {...icon} />}
          onClick={() => download.mutate(undefined)}
          loading={download.isPending}
        >
          {t('download', { size: formatSize(offer.size ?? 0) })}
        </Button>
      )}
      {offer.step === 'downloading' && (
        <Button variant="default" leftSection={<IconX {...icon} />} onClick={() => cancel.mutate(undefined)}>
          {t('cancel')}
        </Button>
      )}
      {offer.step === 'ready' && releases.installs === 'open' && (
        <Button onClick={() => install.mutate(undefined)} loading={install.isPending}>
          {t('open')}
        </Button>
      )}
      {offer.step === 'ready' && releases.installs === 'restart' && (
        <Button onClick={() => setAsking(true)} loading={install.isPending} disabled={waits}>
          {t('install')}
        </Button>
      )}
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        onConfirm={() => {
          setAsking(false)
          install.mutate(undefined)
        }}
        title={t('install')}
        confirm={t('install')}
      >
        {t('confirm', { version: offer.version })}
      </ConfirmDialog>
    </>
  )
}

function Known({ releases }: { releases: Releases }) {
  const { t } = useTranslation('releases')
  const [isOpen, setOpen] = useState(false)
  const calls = useReleaseCalls()
  const { feed, channel, automatic, lookedAt, offer, installs } = releases
  const failed = calls.look.error ?? calls.download.error ?? calls.install.error
  return (
    <>
      {feed === null ? (
        <p className={c.text}>{t('off')}</p>
      ) : (
        <div className={c.path}>
          <code className="mono" title={feed}>
            {feed}
          </code>
          <CopyIcon value={feed} label={t('feed')} />
        </div>
      )}
      <Facts
        labelWidth={160}
        rows={[
          [t('current'), releases.current],
          [t('channel'), feed === null ? null : t(`channels.${channel}`)],
          [
            t('automatic'),
            feed === null || installs !== 'restart' ? null : t(`automatics.${automatic ? 'yes' : 'no'}`),
          ],
          [t('looked'), feed === null ? null : lookedAt === null ? t('never') : <Ago key="looked" at={lookedAt} />],
        ]}
      />
      {offer && <OfferState releases={releases} offer={offer} />}
      <LastLook releases={releases} />
      {/* While it installs, Regie goes away: what fails then is told at the next start. */}
      <Failure error={failed} />
      <div className={c.buttons}>
        {offer && <OfferActions releases={releases} offer={offer} calls={calls} />}
        {feed !== null && (
          <Button
            variant="default"
            leftSection={<IconRefresh size={16} stroke={1.6} />}
            onClick={() => calls.look.mutate(undefined)}
            loading={calls.look.isPending}
          >
            {t('look')}
          </Button>
        )}
        <Button variant="default" onClick={() => setOpen(true)}>
          {t('change')}
        </Button>
      </div>
      {isOpen && (
        <Suspense>
          <ReleasesDialog releases={releases} onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  )
}

/** New versions of Regie itself; for administrators. */
export function ReleasesPanel() {
  const { t } = useTranslation('releases')
  const isAdmin = useIsAdmin()
  const releases = useQuery({ ...api.releases.read.queryOptions(), enabled: isAdmin }).data
  if (!isAdmin) return null
  return <Panel title={t('title')}>{releases && <Known releases={releases} />}</Panel>
}
