import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { LibraryFile } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { formatExact } from '../../i18n/format'
import { showDone } from '../../ui/toast'
import c from './Models.module.css'
import { listAgain } from './show'

/** Who would miss a file, and the question whether it is to go. */
export function Remove({ file, onBack, onDone }: { file: LibraryFile; onBack: () => void; onDone: () => void }) {
  const { t } = useTranslation('library')
  const mentions = useQuery(api.modelLibrary.mentions.queryOptions({ input: { id: file.id } }))
  const remove = useMutation(
    api.modelLibrary.remove.mutationOptions({
      meta: { quiet: true },
      onSuccess() {
        listAgain()
        showDone(t('remove.done'))
        onDone()
      },
    }),
  )
  return (
    <>
      <h3 className={c.question}>{t('remove.title', { name: file.name })}</h3>
      <p>{t('remove.text')}</p>
      <Loaded query={mentions}>
        {(all) =>
          all.length === 0 ? (
            <p>{t('remove.none')}</p>
          ) : (
            <div>
              <p>{t('remove.mentions')}</p>
              <ul className={c.plainList}>
                {all.map(({ kind, name }) => (
                  <li key={`${kind} ${name}`}>{t(`remove.${kind}`, { name })}</li>
                ))}
              </ul>
            </div>
          )
        }
      </Loaded>
      {file.usedAt !== null && <p>{t('remove.used', { at: formatExact(file.usedAt) })}</p>}
      <Failure error={remove.error} />
      <footer className={c.foot}>
        <Button variant="default" onClick={onBack}>
          {t('download.back')}
        </Button>
        <Button loading={remove.isPending} onClick={() => remove.mutate({ id: file.id })}>
          {t('remove.confirm')}
        </Button>
      </footer>
    </>
  )
}
