import { Button } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../../../shared/contract'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { Ago } from '../../ui/Ago'
import { ConfirmDialog } from '../../ui/ConfirmDialog'
import { lazyPart } from '../../ui/parts'
import { Page } from '../../ui/Page'
import { StatusIcon } from '../../ui/Status'
import { MachineCard } from './MachineCard'
import c from './Machines.module.css'

const MachineDialog = lazyPart(() => import('./MachineDialog'))

/** Machines are looked at so often while the page is open, in ms. */
const everyMs = 5_000

/** A machine that does not answer, over all cards: why, when it is tried again, and what mends it. */
function Away({ machine }: { machine: Machine }) {
  const { t } = useTranslation('machines')
  const cache = useQueryClient()
  const again = useMutation(
    api.machines.reconnect.mutationOptions({
      onSuccess: () => cache.invalidateQueries({ queryKey: api.machines.list.key() }),
    }),
  )
  const words = machine.reason && describeReason(machine.reason)
  return (
    <div className={c.away} role="status">
      <StatusIcon of="stale" />
      <p>
        <b>{t('away', { name: machine.name })}</b> {words?.message} {words?.hint} {t('awayMeans')}
        {machine.command !== undefined && <code>{machine.command}</code>}
      </p>
      {machine.nextTryAt !== null && (
        <span className={c.note}>
          {t('nextTry')} <Ago at={machine.nextTryAt} />
        </span>
      )}
      <Button variant="default" size="xs" loading={again.isPending} onClick={() => again.mutate({ id: machine.id })}>
        {t('tryNow')}
      </Button>
    </div>
  )
}

function useDetach() {
  const { t } = useTranslation('machines')
  const cache = useQueryClient()
  const [asked, setAsked] = useState<Machine | null>(null)
  const remove = useMutation(
    api.machines.remove.mutationOptions({
      onSuccess: () => {
        setAsked(null)
        return cache.invalidateQueries({ queryKey: api.machines.list.key() })
      },
    }),
  )
  const dialog = (
    <ConfirmDialog
      opened={asked !== null}
      title={t('detachTitle', { name: asked?.name ?? '' })}
      confirm={t('detach')}
      busy={remove.isPending}
      onConfirm={() => asked && remove.mutate({ id: asked.id })}
      onClose={() => setAsked(null)}
    >
      {t('detachText')}
    </ConfirmDialog>
  )
  return { ask: setAsked, dialog }
}

/** What a second machine gives, where there is one alone. */
function Why({ onAttach }: { onAttach: () => void }) {
  const { t } = useTranslation('machines')
  return (
    <div className={c.why}>
      <h2>{t('why.title')}</h2>
      <p>{t('why.text')}</p>
      <Button variant="default" onClick={onAttach}>
        {t('attach')}
      </Button>
    </div>
  )
}

/** This machine and those that are attached, side by side. */
export default function MachinesPage() {
  const { t } = useTranslation(['machines', 'common'])
  const query = useQuery(api.machines.list.queryOptions({ refetchInterval: everyMs }))
  const [edited, setEdited] = useState<Machine | 'new' | null>(null)
  const detaching = useDetach()
  const all = query.data ?? []
  const connected = all.filter(({ state }) => state === 'connected').length
  const cards = all.reduce((sum, { gpus }) => sum + gpus.cards.length, 0)
  return (
    <Page
      title={t('common:nav.machines')}
      lead={query.data && t('lead', { connected, count: all.length, cards })}
      actions={
        <Button leftSection={<IconPlus size={15} />} onClick={() => setEdited('new')}>
          {t('attach')}
        </Button>
      }
    >
      <Loaded query={query}>
        {(machines) => (
          <div className={c.page}>
            {machines
              .filter(({ state, isLocal }) => state === 'away' && !isLocal)
              .map((machine) => (
                <Away key={machine.id} machine={machine} />
              ))}
            <div className={c.cards}>
              {machines.map((machine) => (
                <MachineCard
                  key={machine.id}
                  machine={machine}
                  onEdit={() => setEdited(machine)}
                  onDetach={() => detaching.ask(machine)}
                />
              ))}
              {machines.length === 1 && <Why onAttach={() => setEdited('new')} />}
            </div>
          </div>
        )}
      </Loaded>
      {edited !== null && (
        <Suspense>
          <MachineDialog
            machine={edited === 'new' ? null : edited}
            taken={['local', ...all.map(({ id }) => id)]}
            onClose={() => setEdited(null)}
          />
        </Suspense>
      )}
      {detaching.dialog}
    </Page>
  )
}
