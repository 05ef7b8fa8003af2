import { Button, Switch } from '@mantine/core'
import { IconExternalLink, IconLock, IconLockOpen2 } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { GatewayListener, Service, ServiceGateway } from '../../../shared/contract'
import { serviceName } from '../../../shared/service-name'
import { api, queryClient } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatDuration, formatInteger } from '../../i18n/format'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { Panel } from '../../ui/Panel'
import { CopyIcon } from '../../ui/States'
import { StatusIcon, type StatusKey } from '../../ui/Status'
import { reachableUrl } from '../keys/addresses'
import { AddressDialog, isLoopback } from './AddressDialog'
import { TrustDialog } from './TrustDialog'
import c from './Gateway.module.css'

const statusOf: Record<GatewayListener['state'], StatusKey> = {
  off: 'stopped',
  opening: 'starting',
  listening: 'ready',
  closing: 'stopping',
  failed: 'failed',
}

function Encryption({ tls, host }: Pick<ServiceGateway, 'tls' | 'host'>) {
  const { t } = useTranslation('gateway')
  const Lock = tls === 'off' ? IconLockOpen2 : IconLock
  const words = tls === 'off' ? (isLoopback(host) ? 'plainLocal' : 'plain') : tls === 'given' ? 'given' : 'own'
  const isExposed = tls === 'off' && !isLoopback(host)
  return (
    <span className={c.fact} data-warn={isExposed || undefined}>
      <Lock size={14} stroke={1.8} aria-hidden /> {t(`address.${words}`)}
    </span>
  )
}

/** Whether it listens, what it adds to a request, and how many it has answered. */
function Standing({ listener }: { listener: GatewayListener | undefined }) {
  const { t } = useTranslation('gateway')
  if (!listener) return null
  const { state, addedMs, answered, refused } = listener
  const word = t(`address.state.${state}`)
  return (
    <>
      <span className={c.fact}>
        <StatusIcon of={statusOf[state]} size={14} />
        {addedMs === null ? word : t('address.added', { state: word, time: formatDuration(addedMs.p50) })}
      </span>
      <span className={c.fact}>
        {t('address.answered', { count: answered, number: formatInteger(answered) })}
        {refused > 0 && `, ${t('address.refused', { count: refused, number: formatInteger(refused) })}`}
      </span>
    </>
  )
}

/** Why it does not listen, and the port that is free in place of one that is taken. */
function Trouble({ listener, onPort }: { listener: GatewayListener | undefined; onPort: (port: number) => void }) {
  const { t } = useTranslation('gateway')
  if (!listener?.reason) return null
  const { message, hint } = describeReason(listener.reason)
  const { freePort } = listener
  return (
    <div className={c.trouble} role="alert">
      <StatusIcon of="failed" size={16} />
      <p>
        <b>{message}</b> {hint}
      </p>
      {freePort !== undefined && (
        <Button variant="light" onClick={() => onPort(freePort)}>
          {t('address.usePort', { port: String(freePort) })}
        </Button>
      )}
    </div>
  )
}

interface ServedProps {
  listener: GatewayListener | undefined
  config: ServiceGateway
  onPort: (port: number) => void
}

/** That it is still reached where it was before, because the address that was asked for cannot be had. */
function Served({ listener, config, onPort }: ServedProps) {
  const { t } = useTranslation('gateway')
  if (listener?.servedUrl === undefined) return null
  const url = reachableUrl(listener.servedUrl)
  const port = Number(new URL(listener.servedUrl).port)
  return (
    <div className={c.served} role="status">
      <StatusIcon of="warning" size={16} />
      <p>
        <b>{t('served.at', { url })}</b> {t('served.why', { wanted: reachableUrl(listener.url) })}
      </p>
      <CopyIcon value={url} label={t('address.copy')} size={22} />
      {port > 0 && port !== config.port && (
        <Button variant="default" onClick={() => onPort(port)}>
          {t('served.back', { port: String(port) })}
        </Button>
      )}
    </div>
  )
}

interface ButtonsProps {
  tls: ServiceGateway['tls']
  /** Where it is reached; null while it is not. */
  url: string | null
  onOpen: (what: 'edit' | 'trust') => void
}

function Buttons({ tls, url, onOpen }: ButtonsProps) {
  const { t } = useTranslation('gateway')
  const look = { size: 'compact-xs', variant: 'default' } as const
  return (
    <>
      <Button {...look} onClick={() => onOpen('edit')}>
        {t('address.edit')}
      </Button>
      {tls === 'own-authority' && (
        <Button {...look} onClick={() => onOpen('trust')}>
          {t('address.trust')}
        </Button>
      )}
      {url !== null && (
        <Button
          {...look}
          component="a"
          href={url}
          target="_blank"
          rel="noreferrer"
          leftSection={<IconExternalLink size={14} />}
        >
          {t('address.open')}
        </Button>
      )}
    </>
  )
}

interface TurnOffProps {
  service: Service
  /** How many people are inside. */
  inside: number
  opened: boolean
  busy: boolean
  onClose: () => void
  onConfirm: () => void
}

/** Asks before those who are inside are cut off. */
function TurnOffDialog({ service, inside, ...dialog }: TurnOffProps) {
  const { t } = useTranslation('gateway')
  const id = serviceName(service)
  return (
    <ConfirmDialog {...dialog} title={t('turnOff.title', { id })} confirm={t('turnOff.confirm')} dangerous>
      <p>{t('turnOff.text', { count: inside, id })}</p>
    </ConfirmDialog>
  )
}

const peopleIn = (listener: GatewayListener | undefined): number =>
  new Set(listener?.inside.map(({ account }) => account)).size

interface AddressPanelProps {
  service: Service
  config: ServiceGateway
  listener: GatewayListener | undefined
}

/** The two addresses: what people use, and what Regie asks with the secret; and the switch. */
export function AddressPanel({ service, config, listener }: AddressPanelProps) {
  const { t } = useTranslation('gateway')
  const { id } = service
  const [open, setOpen] = useState<'edit' | 'off' | 'trust' | null>(null)
  const change = useMutation(
    api.services.update.mutationOptions({
      onSettled: () => {
        setOpen(null)
        void queryClient.invalidateQueries({ queryKey: api.gateway.key() })
      },
    }),
  )
  const turnOff = () => change.mutate({ id, gateway: { enabled: false } })
  const moveTo = (port: number) => change.mutate({ id, gateway: { port } })
  const inside = peopleIn(listener)
  const url = listener && listener.url !== '' ? reachableUrl(listener.url) : null
  return (
    <Panel flush>
      <div className={c.address}>
        <div className={c.hop}>
          <span className={c.label}>{t('address.outside')}</span>
          <span className={`mono ${c.url}`}>
            {url ?? '…'} {url !== null && <CopyIcon value={url} label={t('address.copy')} size={22} />}
          </span>
          <Encryption tls={config.tls} host={config.host} />
        </div>
        <span className={c.arrow} aria-hidden />
        <div className={c.hop}>
          <span className={c.label}>{t('address.inside')}</span>
          <span className="mono">{service.url}</span>
          <Standing listener={listener} />
        </div>
        <div className={c.switches}>
          <Switch
            label={t('address.enabled')}
            labelPosition="left"
            checked
            disabled={change.isPending}
            onChange={() => (inside > 0 ? setOpen('off') : turnOff())}
          />
          <Buttons tls={config.tls} url={listener?.state === 'listening' ? url : null} onOpen={setOpen} />
        </div>
      </div>
      <Trouble listener={listener} onPort={moveTo} />
      <Served listener={listener} config={config} onPort={moveTo} />
      {open === 'edit' && <AddressDialog service={service} onClose={() => setOpen(null)} />}
      {open === 'trust' && <TrustDialog onClose={() => setOpen(null)} />}
      <TurnOffDialog
        {...{ service, inside }}
        opened={open === 'off'}
        onClose={() => setOpen(null)}
        onConfirm={turnOff}
        busy={change.isPending}
      />
    </Panel>
  )
}
