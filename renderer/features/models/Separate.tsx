import { Button } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { LibraryFile } from '../../../shared/contract'
import { api } from '../../api/query'
import { showDone } from '../../ui/toast'
import c from './Models.module.css'
import { listAgain } from './show'

/** The names of a shared file, each of which can become a file of its own again. */
export function Separate({ file, onDone }: { file: LibraryFile; onDone: () => void }) {
  const { t } = useTranslation('library')
  const separate = useMutation(
    api.modelLibrary.separate.mutationOptions({
      onSuccess() {
        listAgain()
        showDone(t('share.separated'))
        onDone()
      },
    }),
  )
  return (
    <div>
      <p>{t('share.separateText')}</p>
      <ul className={c.copies}>
        {file.paths.map((path) => (
          <li key={path}>
            <span className={c.separate}>
              <span className="mono">{path}</span>
              <Button
                size="compact-sm"
                variant="default"
                loading={separate.isPending && separate.variables.path === path}
                disabled={separate.isPending}
                onClick={() => separate.mutate({ id: file.id, path })}
              >
                {t('share.separate')}
              </Button>
            </span>
          </li>
        ))}
      </ul>
    </div>
  )
}
