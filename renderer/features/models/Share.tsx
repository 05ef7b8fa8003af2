import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFile, ModelSharing } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { formatList, formatSize } from '../../i18n/format'
import { Loading } from '../../ui/States'
import { showDone } from '../../ui/toast'
import c from './Models.module.css'
import { listAgain } from './show'

function Copies({ plan }: { plan: ModelSharing }) {
  const { t } = useTranslation('library')
  const { keep, others } = plan
  return (
    <ul className={c.copies}>
      <li>
        <small>
          {t('share.keep')} · {formatList(keep.services)}
        </small>
        <span className="mono">{keep.path}</span>
      </li>
      {others.map(({ id, path, services, reason }) => (
        <li key={id}>
          <small>
            {t(reason === null ? 'share.copy' : 'share.stays')} · {formatList(services)}
          </small>
          <span className="mono">{path}</span>
          {reason !== null && (
            <span>
              {describeReason(reason).message} {describeReason(reason).hint}
            </span>
          )}
        </li>
      ))}
    </ul>
  )
}

/** What of the copies of a file could be one file, and the question whether it is to be. */
export function Share({ file, onBack, onDone }: { file: LibraryFile; onBack: () => void; onDone: () => void }) {
  const { t } = useTranslation('library')
  const look = useMutation(api.modelLibrary.sharing.mutationOptions({ meta: { quiet: true } }))
  const share = useMutation(api.modelLibrary.share.mutationOptions({ meta: { quiet: true } }))
  const begin = useEffectEvent(() => look.mutate({ id: file.id }))
  useEffect(() => begin(), [])
  const plan = look.data
  const able = plan?.others.filter(({ reason }) => reason === null).map(({ id }) => id) ?? []
  const confirm = () =>
    share.mutate(
      { id: file.id, ids: able },
      {
        onSuccess({ files, freedBytes }) {
          listAgain()
          const isWhole = files.every(({ reason }) => reason === null)
          showDone(t(isWhole ? 'share.done' : 'share.partly', { size: formatSize(freedBytes) }))
          onDone()
        },
      },
    )
  return (
    <>
      <h3 className={c.question}>{t('share.title')}</h3>
      <p>{t('share.text')}</p>
      {plan ? (
        <Copies plan={plan} />
      ) : look.isPending ? (
        <>
          <p role="status">{t('share.trying')}</p>
          <Loading rows={3} />
        </>
      ) : null}
      <p>{t('share.undo')}</p>
      <Failure error={look.error ?? share.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('download.back')}
        </Button>
        {plan && able.length > 0 && (
          <Button loading={share.isPending} onClick={confirm}>
            {t('share.confirm', { size: formatSize(plan.frees) })}
          </Button>
        )}
      </footer>
    </>
  )
}
