import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RoomRemoval, RoomRemoved } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { describeReason } from '../../../i18n'
import { formatSize } from '../../../i18n/format'
import { Ago } from '../../../ui/Ago'
import { StatusLabel, type StatusKey } from '../../../ui/Status'
import c from './Room.module.css'
import { keepRemoval } from './useRoom'

const states: Record<RoomRemoved['state'], StatusKey> = {
  waiting: 'waiting',
  removing: 'removing',
  removed: 'succeeded',
  kept: 'notice',
  failed: 'failed',
}

/** How far a removal is, one thing after another, and what became of each. */
export function Removal({ removal }: { removal: RoomRemoval }) {
  const { t } = useTranslation('room')
  const cancel = useMutation(api.room.cancel.mutationOptions({ onSuccess: keepRemoval }))
  const { items, state, finishedAt } = removal
  const removed = items.filter((item) => item.state === 'removed')
  const freed = removed.reduce((sum, { freedBytes }) => sum + (freedBytes ?? 0), 0)
  const words = { count: removed.length, of: items.length, size: formatSize(freed) }
  return (
    <div className={c.removal}>
      <div className={c.removalHead}>
        <span role="status">
          {t(`removal.${state}`, words)}
          {finishedAt !== null && (
            <span className={c.part}>
              <Ago at={finishedAt} />
            </span>
          )}
        </span>
        {state === 'running' && (
          <Button variant="default" size="xs" loading={cancel.isPending} onClick={() => cancel.mutate(undefined)}>
            {t('removal.cancel')}
          </Button>
        )}
      </div>
      <ul className={c.results} aria-label={t('removal.results')} aria-busy={state === 'running'}>
        {items.map((item) => (
          <li key={item.id}>
            <StatusLabel of={states[item.state]} word={t(`removal.state.${item.state}`)} />
            <span className={item.kind === 'build-cache' ? c.result : `mono ${c.result}`}>
              {item.kind === 'build-cache' ? t('kind.build-cache') : item.name}
            </span>
            {item.reason && <span className={c.reason}>{describeReason(item.reason).message}</span>}
          </li>
        ))}
      </ul>
    </div>
  )
}
