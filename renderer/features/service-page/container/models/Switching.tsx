import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { ModelsMove, ModelsProof } from '../../../../../shared/contract'
import { api } from '../../../../api/query'
import { Failure } from '../../../../api/Failure'
import { formatList } from '../../../../i18n/format'
import { Ago } from '../../../../ui/Ago'
import { StatusLabel } from '../../../../ui/Status'
import { hrefOf } from '../../../../ui/route'
import c from './Models.module.css'
import type { FolderProps } from './folder-props'

/** What is left to do with a verified copy: the lines, the recreate, the proof; and the way back. */
export function Switching({ service, folder, copy }: FolderProps & { copy: ModelsMove }) {
  const { t } = useTranslation('models')
  const prove = useMutation(api.modelsDrive.prove.mutationOptions({ meta: { quiet: true } }))
  const lines = hrefOf('services', service.id, 'compose')
  return (
    <div className={c.under}>
      <StatusLabel
        of="proven"
        word={t('copy.copied', { count: copy.files })}
        detail={copy.finishedAt !== null && <Ago at={copy.finishedAt} />}
      />
      <p className={c.text}>{t(folder.isSwitched ? 'switch.done' : 'switch.next')}</p>
      <div className={c.buttons}>
        {folder.isSwitched ? (
          <Button
            variant="light"
            loading={prove.isPending}
            onClick={() => prove.mutate({ id: service.id, target: folder.target })}
          >
            {t('switch.prove')}
          </Button>
        ) : (
          <Button variant="light" component="a" href={lines}>
            {t('switch.lines')}
          </Button>
        )}
        {folder.isSwitched && (
          <Button variant="default" component="a" href={lines}>
            {t('switch.undo')}
          </Button>
        )}
      </div>
      {prove.data && <Proof proof={prove.data} />}
      <Failure error={prove.error} />
    </div>
  )
}

function Proof({ proof: { now, before, missing } }: { proof: ModelsProof }) {
  const { t } = useTranslation('models')
  if (before === null) return <StatusLabel of="unknown" word={t('proof.unknown', { count: now })} />
  if (missing.length > 0)
    return <StatusLabel of="missing" word={t('proof.missing', { count: missing.length, names: formatList(missing) })} />
  return <StatusLabel of="proven" word={t('proof.same', { count: before })} />
}
