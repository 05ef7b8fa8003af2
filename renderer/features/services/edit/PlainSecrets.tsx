import { Button } from '@mantine/core'
import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { applyEvent } from '../../../api/cache'
import { client } from '../../../api/client'
import { Failure } from '../../../api/Failure'
import { api } from '../../../api/query'
import { useSecretCall } from '../../../api/useSecretCall'
import { formatList } from '../../../i18n/format'
import { StatusIcon } from '../../../ui/Status'
import type { Editing } from './useEditing'
import c from './Edit.module.css'

/** Secrets in clear text among arguments and variables, and the way to take them into the vault. */
export function PlainSecrets({ editing }: { editing: Editing }) {
  const { t } = useTranslation('edit')
  const cache = useQueryClient()
  const { service, changed, replace, isNew } = editing
  const { id, revision = '' } = service
  const options = api.services.plainSecrets.queryOptions({ input: isNew ? skipToken : { id } })
  // What stands there is another question with every revision.
  const found = useQuery({ ...options, queryKey: [...options.queryKey, revision] }).data ?? []
  const take = useSecretCall(() => client.services.importPlainSecrets({ id, revision }))
  if (found.length === 0) return null
  const isTouched = changed.some((field) => field === 'args' || field === 'env')
  return (
    <div className={c.notice} role="status">
      <StatusIcon of="warning" size={16} />
      <div>
        <p>
          {t('plain.text', { names: formatList([...new Set(found.map(({ name }) => name))]), count: found.length })}
        </p>
        {isTouched && <p className="dim">{t('plain.saveFirst')}</p>}
        <Failure error={take.error} />
      </div>
      <Button
        variant="default"
        size="compact-sm"
        disabled={isTouched}
        loading={take.isRunning}
        onClick={() =>
          void take.run(undefined, (after) => {
            applyEvent(cache, { type: 'service', service: after })
            void cache.invalidateQueries({ queryKey: api.credentials.list.key() })
            replace(after)
          })
        }
      >
        {t('plain.import')}
      </Button>
    </div>
  )
}
