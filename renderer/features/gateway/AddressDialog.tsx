import { Button, Modal, NumberInput, SegmentedControl, Select, Switch, TagsInput, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service, ServiceGateway } from '../../../shared/contract'
import { kinds } from '../../../shared/kinds'
import { serviceName } from '../../../shared/service-name'
import { Failure } from '../../api/Failure'
import { isProblem } from '../../api/problem'
import { api, queryClient } from '../../api/query'
import { useReturnFocus } from '../../ui/useReturnFocus'
import dialog from '../../ui/Dialog.module.css'

const loopback = '127.0.0.1'
const everywhere = '0.0.0.0'

/** Whether an address leads to this computer alone. */
export const isLoopback = (host: string): boolean => host === 'localhost' || host === '::1' || host.startsWith('127.')

const tlsKinds = ['off', 'own-authority', 'given'] as const
const highestPort = 65_535

/** What a gateway is proposed that was never turned on: the kind's own port, or the next that no other gateway has. */
function proposed(kind: Service['kind'], taken: readonly number[]): ServiceGateway {
  let port: number = kinds[kind].port.gateway
  while (taken.includes(port)) port++
  return { enabled: true, host: loopback, port, tls: 'off', names: [], unknownRoutes: false }
}

/** Where a person's own certificate and its key lie on the computer that Regie runs on. */
function CertificateFields({ draft, onChange }: Omit<FieldsProps, 'portError'>) {
  const { t } = useTranslation('gateway')
  const { cert = '', key = '' } = draft.certificate ?? {}
  return (
    <>
      <TextInput
        label={t('edit.cert')}
        description={t('edit.certNote')}
        value={cert}
        onChange={(event) => onChange({ certificate: { cert: event.currentTarget.value, key } })}
        required
        spellCheck={false}
      />
      <TextInput
        label={t('edit.key')}
        value={key}
        onChange={(event) => onChange({ certificate: { cert, key: event.currentTarget.value } })}
        required
        spellCheck={false}
      />
    </>
  )
}

interface FieldsProps {
  draft: ServiceGateway
  onChange: (part: Partial<ServiceGateway>) => void
  portError: string | null
}

function Fields({ draft, onChange, portError }: FieldsProps) {
  const { t } = useTranslation('gateway')
  const isExposed = !isLoopback(draft.host)
  return (
    <>
      <div className={dialog.field}>
        <span className={dialog.legend}>{t('edit.who')}</span>
        <SegmentedControl
          aria-label={t('edit.who')}
          data={[
            { value: 'local', label: t('edit.local') },
            { value: 'network', label: t('edit.network') },
          ]}
          value={isExposed ? 'network' : 'local'}
          onChange={(value) => onChange({ host: value === 'network' ? everywhere : loopback })}
        />
      </div>
      <NumberInput
        label={t('edit.port')}
        value={draft.port}
        onChange={(port) => onChange({ port: Number(port) })}
        allowDecimal={false}
        allowNegative={false}
        hideControls
        error={portError}
        w={140}
      />
      <Select
        label={t('edit.tls')}
        data={tlsKinds.map((value) => ({ value, label: t(`edit.tlsOf.${value}`) }))}
        value={draft.tls}
        onChange={(value) => onChange({ tls: tlsKinds.find((one) => one === value) ?? 'off' })}
        {...(isExposed && draft.tls === 'off' && { description: t('edit.networkNote') })}
      />
      {draft.tls === 'given' && <CertificateFields draft={draft} onChange={onChange} />}
      <TagsInput
        label={t('edit.names')}
        description={t('edit.namesNote')}
        value={draft.names}
        onChange={(names) => onChange({ names })}
        maxTags={16}
        splitChars={[',', ' ']}
      />
      <Switch
        label={t('edit.routes')}
        description={t('edit.routesNote')}
        checked={draft.unknownRoutes}
        onChange={(event) => onChange({ unknownRoutes: event.currentTarget.checked })}
      />
    </>
  )
}

/** The free port that a refusal names in place of the one that was asked for; null where it names none, or another is asked for. */
function freePortIn(error: unknown, asked: number): number | null {
  if (!isProblem(error)) return null
  const { port, free } = error.data.params
  return port === asked && typeof free === 'number' ? free : null
}

/** Where a service's gateway listens; saving turns it on. Mount it while it is open. */
export function AddressDialog({ service, onClose }: { service: Service; onClose: () => void }) {
  const { t } = useTranslation(['gateway', 'common'])
  const others = (useQuery(api.services.list.queryOptions()).data ?? []).filter(({ id }) => id !== service.id)
  const taken = others.flatMap(({ gateway }) => (gateway ? [gateway.port] : []))
  const isOn = service.gateway?.enabled === true
  const [draft, setDraft] = useState<ServiceGateway>(() => service.gateway ?? proposed(service.kind, taken))
  const save = useMutation(
    api.services.update.mutationOptions({
      onSuccess: onClose,
      onSettled: () => void queryClient.invalidateQueries({ queryKey: api.gateway.key() }),
      meta: { quiet: true },
    }),
  )
  useReturnFocus()
  const isBad = !Number.isInteger(draft.port) || draft.port < 1 || draft.port > highestPort
  const portError = isBad ? t('edit.portBad') : taken.includes(draft.port) ? t('edit.portTaken') : null
  const free = freePortIn(save.error, draft.port)
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (portError !== null) return
    const { certificate, ...others } = draft
    // Half-filled fields that are not asked for any more are no change.
    const given = draft.tls === 'given' && certificate ? { certificate } : {}
    save.mutate({ id: service.id, gateway: { ...others, ...given, enabled: true } })
  }
  return (
    <Modal opened onClose={onClose} title={t('edit.title', { id: serviceName(service) })} size={480}>
      <form className={dialog.dialog} onSubmit={send}>
        <Fields draft={draft} onChange={(part) => setDraft({ ...draft, ...part })} portError={portError} />
        <Failure error={save.error} />
        {free !== null && (
          <Button variant="light" onClick={() => setDraft({ ...draft, port: free })}>
            {t('address.usePort', { port: String(free) })}
          </Button>
        )}
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t(isOn ? 'edit.save' : 'edit.turnOn')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
