import { Anchor, Button, Checkbox, Modal } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Credential, RotationRound } from '../../../../shared/contract'
import { api, queryClient } from '../../../api/query'
import { Failure } from '../../../api/Failure'
import { StatusLabel, type StatusKey } from '../../../ui/Status'
import { hrefOf } from '../../../ui/route'
import { describeReason } from '../../../i18n'
import { formatList } from '../../../i18n/format'
import page from '../Credentials.module.css'
import c from './Policy.module.css'

type Item = RotationRound['items'][number]

const looks = {
  waiting: 'waiting',
  'waiting-idle': 'waiting',
  running: 'rotating',
  committed: 'proven',
  'rolled-back': 'warning',
  failed: 'failed',
  refused: 'warning',
  skipped: 'cancelled',
} satisfies Record<Item['state'], StatusKey>

interface RotateAllDialogProps {
  credentials: Credential[]
  onClose: () => void
}

/** Chooses credentials to rotate one after the other, follows them, and says how it ended. Mount it while it is open. */
export default function RotateAllDialog({ credentials, onClose }: RotateAllDialogProps) {
  const { t } = useTranslation('policy')
  const round = useQuery(api.credentials.rotationRound.queryOptions()).data ?? null
  const isRunning = round !== null && round.state !== 'ended'
  const [followed, setFollowed] = useState<string | null>(null)
  if (round && isRunning && followed !== round.id) setFollowed(round.id)
  const shown = round && followed === round.id ? round : null
  const title = shown ? t(isRunning ? 'all.titleRunning' : 'all.titleDone') : t('all.title')
  return (
    <Modal opened onClose={onClose} title={title} size={560}>
      {shown ? (
        <Progress round={shown} onClose={onClose} onAgain={() => setFollowed(null)} />
      ) : (
        <Choice credentials={credentials} onClose={onClose} />
      )}
    </Modal>
  )
}

function Choice({ credentials, onClose }: RotateAllDialogProps) {
  const { t } = useTranslation('policy')
  const [chosen, setChosen] = useState(() =>
    credentials.filter(({ serviceIds }) => serviceIds.length > 0).map(({ id }) => id),
  )
  const [whenIdle, setWhenIdle] = useState(true)
  const start = useMutation(
    api.credentials.rotateAll.mutationOptions({
      // Its events may have come before this answer.
      onSuccess: (round) =>
        queryClient.setQueryData(api.credentials.rotationRound.queryKey(), (now) =>
          now?.id === round.id ? now : round,
        ),
    }),
  )
  return (
    <form
      className={page.dialog}
      onSubmit={(event) => {
        event.preventDefault()
        if (chosen.length > 0) start.mutate({ ids: chosen, whenIdle })
      }}
    >
      <p>{t('all.intro')}</p>
      <Checkbox.Group label={t('all.which')} value={chosen} onChange={setChosen}>
        <div className={c.choices}>
          {credentials.map(({ id, serviceIds, state }) => (
            <Checkbox
              key={id}
              value={id}
              label={id}
              description={
                serviceIds.length === 0 ? t('all.noService') : t('all.opens', { services: formatList(serviceIds) })
              }
              disabled={state === 'rotating'}
            />
          ))}
        </div>
      </Checkbox.Group>
      <Checkbox
        label={t('all.whenIdle')}
        checked={whenIdle}
        onChange={({ currentTarget }) => setWhenIdle(currentTarget.checked)}
      />
      <Failure error={start.error} />
      <footer className={page.dialogFoot}>
        <Button variant="default" onClick={onClose}>
          {t('all.cancel')}
        </Button>
        <Button type="submit" loading={start.isPending} disabled={chosen.length === 0}>
          {t('all.start', { count: chosen.length })}
        </Button>
      </footer>
    </form>
  )
}

function Progress({ round, onClose, onAgain }: { round: RotationRound; onClose: () => void; onAgain: () => void }) {
  const { t } = useTranslation('policy')
  const stop = useMutation(api.credentials.stopRound.mutationOptions())
  const { items, state } = round
  const done = items.filter((item) => item.state === 'committed').length
  const failed = items.length - done
  return (
    <div className={page.dialog}>
      {state === 'ended' && (
        <p role="status">
          {t('all.summary', { done, of: items.length })}
          {failed > 0 && ` ${t('all.summaryFailed', { count: failed })}`}
        </p>
      )}
      <ol className={c.round} aria-label={t('all.listLabel')}>
        {items.map((item) => (
          <RoundItem key={item.credentialId} item={item} />
        ))}
      </ol>
      <Failure error={stop.error} />
      <footer className={page.dialogFoot}>
        {state === 'ended' ? (
          <Button variant="default" onClick={onAgain}>
            {t('all.again')}
          </Button>
        ) : (
          <Button
            variant="default"
            disabled={state === 'stopping'}
            loading={stop.isPending}
            onClick={() => stop.mutate(undefined)}
          >
            {t(state === 'stopping' ? 'all.stopping' : 'all.stop')}
          </Button>
        )}
        <Button onClick={onClose}>{t('all.close')}</Button>
      </footer>
    </div>
  )
}

function RoundItem({ item: { credentialId, state, reason } }: { item: Item }) {
  const { t } = useTranslation('policy')
  const why = reason && state !== 'committed' ? describeReason(reason) : null
  return (
    <li>
      <Anchor href={hrefOf('credentials', credentialId)} fz="inherit">
        {credentialId}
      </Anchor>
      <StatusLabel of={looks[state]} word={t(`all.item.${state}`)} />
      {why && (
        <p>
          {why.message} {why.hint}
        </p>
      )}
    </li>
  )
}
