import { Button } from '@mantine/core'
import {
  IconBell,
  IconBrandDiscord,
  IconBrandSlack,
  IconDeviceDesktop,
  IconHeartbeat,
  IconMail,
  IconMoon,
  IconPencil,
  IconTrash,
  IconWebhook,
  type Icon,
} from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import type { AlertChannel, Alerts, AlertSending, AlertTarget } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatClock, formatDuration } from '../../i18n/format'
import { Ago } from '../../ui/Ago'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { DotsButton } from '../../ui/DotsButton'
import { MenuButton } from '../../ui/MenuButton'
import { Panel, PanelAction } from '../../ui/Panel'
import { Empty } from '../../ui/States'
import { StatusLabel } from '../../ui/Status'
import { showDone } from '../../ui/toast'
import c from './Alerts.module.css'
import { ChannelDialog } from './ChannelDialog'
import { HeartbeatDialog } from './HeartbeatDialog'
import { QuietDialog } from './QuietDialog'
import { readAlertsAgain, useWhere } from './words'

const icons: Record<AlertTarget['kind'], Icon> = {
  desktop: IconDeviceDesktop,
  email: IconMail,
  webhook: IconWebhook,
  ntfy: IconBell,
  discord: IconBrandDiscord,
  slack: IconBrandSlack,
}

/** The last delivery as evidence, and what is wrong. */
function Standing({ on, sent, failing, waiting = 0 }: AlertSending & { on: boolean; waiting?: number }) {
  const { t } = useTranslation('alerts')
  if (!on) return <StatusLabel of="absent" word={t('channels.off')} />
  const waits = waiting > 0 ? t('channels.waiting', { count: waiting }) : null
  if (failing) {
    const next = failing.nextAt === null ? null : t('channels.next', { at: formatClock(failing.nextAt) })
    const detail = [t('channels.failing', { count: failing.tries }), next, waits]
      .filter((one) => one !== null)
      .join(', ')
    return (
      <>
        <StatusLabel of="failed" word={describeReason(failing.reason).message} />
        <small>{detail}</small>
      </>
    )
  }
  if (!sent) return <StatusLabel of="absent" word={t('channels.notYet')} {...(waits !== null && { detail: waits })} />
  const detail = (
    <>
      <Ago at={sent.at} />, {formatDuration(sent.tookMs)}
      {waits !== null && `, ${waits}`}
    </>
  )
  return <StatusLabel of="proven" word={t('channels.delivered')} detail={detail} />
}

interface LineProps {
  icon: Icon
  name: string
  where: string
  children: ReactNode
  acts: ReactNode
}

const Line = ({ icon: I, name, where, children, acts }: LineProps) => (
  <li>
    <I size={18} stroke={1.6} aria-hidden />
    <span className={c.two}>
      <b>{name}</b>
      <span className={c.where}>{where}</span>
      <span className={c.result}>{children}</span>
    </span>
    <span className={c.acts}>{acts}</span>
  </li>
)

function Channel({ channel, onEdit }: { channel: AlertChannel; onEdit: () => void }) {
  const { t } = useTranslation(['alerts', 'common'])
  const whereOf = useWhere()
  const [isRemoving, setRemoving] = useState(false)
  const { id, name, target } = channel
  const test = useMutation(
    api.alerts.testChannel.mutationOptions({
      onSuccess: ({ tookMs }) => showDone(t('channels.tested', { time: formatDuration(tookMs) })),
      onSettled: readAlertsAgain,
    }),
  )
  const remove = useMutation(api.alerts.removeChannel.mutationOptions({ onSettled: readAlertsAgain }))
  const acts = (
    <>
      <Button
        variant="default"
        size="compact-sm"
        loading={test.isPending}
        onClick={() => test.mutate({ id })}
        aria-label={t('channels.testOf', { name })}
      >
        {t('channels.test')}
      </Button>
      <MenuButton
        entries={() => [
          { type: 'act', key: 'edit', label: t('channels.edit'), icon: IconPencil, onClick: onEdit },
          {
            ...{ type: 'act', key: 'remove', label: t('channels.remove'), icon: IconTrash, isBad: true },
            onClick: () => setRemoving(true),
          },
        ]}
      >
        <DotsButton label={t('channels.more', { name })} />
      </MenuButton>
    </>
  )
  return (
    <Line icon={icons[target.kind]} name={name} where={whereOf(target)} acts={acts}>
      <Standing {...channel} />
      <Failure error={test.error ?? remove.error} />
      <ConfirmDialog
        opened={isRemoving}
        title={t('channels.removeTitle', { name })}
        confirm={t('channels.remove')}
        onClose={() => setRemoving(false)}
        onConfirm={() => remove.mutate({ id })}
        dangerous
      >
        {t('channels.removeText')}
      </ConfirmDialog>
    </Line>
  )
}

function Heartbeat({ alerts, onEdit }: { alerts: Alerts; onEdit: () => void }) {
  const { t } = useTranslation('alerts')
  const { heartbeat } = alerts
  const { host, everyMin, on } = heartbeat
  const beat = useMutation(
    api.alerts.beat.mutationOptions({
      onSuccess: ({ tookMs }) => showDone(t('heartbeat.sent', { time: formatDuration(tookMs) })),
      onSettled: readAlertsAgain,
    }),
  )
  const acts =
    host === null ? (
      <Button variant="default" size="compact-sm" onClick={onEdit}>
        {t('heartbeat.setUp')}
      </Button>
    ) : (
      <>
        <Button variant="default" size="compact-sm" loading={beat.isPending} onClick={() => beat.mutate(undefined)}>
          {t('heartbeat.send')}
        </Button>
        <MenuButton
          entries={() => [{ type: 'act', key: 'edit', label: t('heartbeat.edit'), icon: IconPencil, onClick: onEdit }]}
        >
          <DotsButton label={t('channels.more', { name: t('heartbeat.title') })} />
        </MenuButton>
      </>
    )
  const where = host === null ? t('heartbeat.text') : t('heartbeat.every', { host, n: everyMin })
  return (
    <Line icon={IconHeartbeat} name={t('heartbeat.title')} where={where} acts={acts}>
      {host !== null && <Standing on={on} sent={heartbeat.sent} failing={heartbeat.failing} />}
      <Failure error={beat.error} />
    </Line>
  )
}

type Open = { what: 'add' } | { what: 'edit'; id: string } | { what: 'heartbeat' } | { what: 'quiet' } | null

/** Whom alerts reach beside the panel, with the last delivery to each. */
export function Channels({ alerts }: { alerts: Alerts }) {
  const { t } = useTranslation('alerts')
  const [open, setOpen] = useState<Open>(null)
  const close = () => setOpen(null)
  const { channels, quietHours } = alerts
  const edited = open?.what === 'edit' ? channels.find(({ id }) => id === open.id) : undefined
  const quiet = quietHours ? t('quiet.is', { from: quietHours.from, to: quietHours.to }) : t('quiet.none')
  return (
    <Panel
      title={t('channels.title')}
      action={<PanelAction onClick={() => setOpen({ what: 'add' })}>{t('channels.add')}</PanelAction>}
      flush
    >
      {channels.length === 0 && (
        <Empty
          icon={IconBell}
          title={t('channels.emptyTitle')}
          action={<Button onClick={() => setOpen({ what: 'add' })}>{t('channels.add')}</Button>}
        >
          {t('channels.emptyText')}
        </Empty>
      )}
      <ul className={c.channels}>
        {channels.map((channel) => (
          <Channel key={channel.id} channel={channel} onEdit={() => setOpen({ what: 'edit', id: channel.id })} />
        ))}
        <Heartbeat alerts={alerts} onEdit={() => setOpen({ what: 'heartbeat' })} />
        <Line
          icon={IconMoon}
          name={t('quiet.title')}
          where={quiet}
          acts={
            <Button variant="default" size="compact-sm" onClick={() => setOpen({ what: 'quiet' })}>
              {t('quiet.edit')}
            </Button>
          }
        >
          {null}
        </Line>
      </ul>
      {open?.what === 'add' && <ChannelDialog channel={null} onClose={close} />}
      {edited && <ChannelDialog channel={edited} onClose={close} />}
      {open?.what === 'heartbeat' && <HeartbeatDialog heartbeat={alerts.heartbeat} onClose={close} />}
      {open?.what === 'quiet' && <QuietDialog quietHours={quietHours} onClose={close} />}
    </Panel>
  )
}
