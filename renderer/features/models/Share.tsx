import { Button, SegmentedControl } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LibraryFile, ModelSharing } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { useServiceName } from '../../api/useServiceName'
import { describeReason } from '../../i18n'
import { formatList, formatSize } from '../../i18n/format'
import { Loading } from '../../ui/States'
import { showDone } from '../../ui/toast'
import c from './Models.module.css'
import { ShareFolder } from './ShareFolder'
import { listAgain } from './show'

function Copies({ plan }: { plan: ModelSharing }) {
  const { t } = useTranslation('library')
  const nameOf = useServiceName()
  const { keep, others } = plan
  return (
    <ul className={c.copies}>
      <li>
        <small>
          {t('share.keep')} · {formatList(keep.services.map(nameOf))}
        </small>
        <span className="mono">{keep.path}</span>
      </li>
      {others.map(({ id, path, services, reason }) => (
        <li key={id}>
          <small>
            {t(reason === null ? 'share.copy' : 'share.stays')} · {formatList(services.map(nameOf))}
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

type Way = 'link' | 'folder'

/** The two ways by which copies become one, where there are two. */
function Ways({ way, onWay }: { way: Way; onWay: (way: Way) => void }) {
  const { t } = useTranslation('library')
  return (
    <SegmentedControl<Way>
      aria-label={t('share.way')}
      value={way}
      onChange={onWay}
      data={[
        { value: 'link', label: t('share.byLink') },
        { value: 'folder', label: t('share.byFolder') },
      ]}
    />
  )
}

function ByLink({ plan }: { plan: ModelSharing }) {
  const { t } = useTranslation('library')
  return (
    <>
      <p>{t('share.text')}</p>
      <Copies plan={plan} />
      <p>{t('share.undo')}</p>
    </>
  )
}

/** What of the copies of a file could be one file, and the question whether it is to be. */
export function Share({ file, onBack, onDone }: { file: LibraryFile; onBack: () => void; onDone: () => void }) {
  const { t } = useTranslation('library')
  const look = useMutation(api.modelLibrary.sharing.mutationOptions({ meta: { quiet: true } }))
  const share = useMutation(api.modelLibrary.share.mutationOptions({ meta: { quiet: true } }))
  const [chosen, setChosen] = useState<Way | null>(null)
  const begin = useEffectEvent(() => look.mutate({ id: file.id }))
  useEffect(() => begin(), [])
  const plan = look.data
  const able = plan?.others.filter(({ reason }) => reason === null).map(({ id }) => id) ?? []
  const hasBoth = plan !== undefined && plan.folders.length > 0
  // Where no link can be, the other way is the one that is looked for.
  const way = hasBoth ? (chosen ?? (able.length > 0 ? 'link' : 'folder')) : 'link'
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
      {hasBoth && <Ways way={way} onWay={setChosen} />}
      {look.isPending && (
        <>
          <p role="status">{t('share.trying')}</p>
          <Loading rows={3} />
        </>
      )}
      {plan && (way === 'folder' ? <ShareFolder offers={plan.folders} /> : <ByLink plan={plan} />)}
      <Failure error={look.error ?? share.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('download.back')}
        </Button>
        {plan && way === 'link' && able.length > 0 && (
          <Button loading={share.isPending} onClick={confirm}>
            {t('share.confirm', { size: formatSize(plan.frees) })}
          </Button>
        )}
      </footer>
    </>
  )
}
