import { Switch } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Loaded } from '../../api/Loaded'
import { api, queryClient } from '../../api/query'
import { Panel } from '../../ui/Panel'
import c from '../../ui/Sheet.module.css'

/** What users may do, and whether they see the images of others. */
export function UsersPanel() {
  const { t } = useTranslation('access')
  const settings = useQuery(api.system.settings.queryOptions())
  const change = useMutation(
    api.system.changeSettings.mutationOptions({
      onSuccess: (changed) => queryClient.setQueryData(api.system.settings.queryKey(), changed),
    }),
  )
  return (
    <Panel title={t('users.title')}>
      <p className={c.text}>{t('users.text')}</p>
      <p className={c.text}>{t('users.start')}</p>
      <Loaded query={settings}>
        {({ galleryShared }) => (
          <Switch
            checked={galleryShared}
            disabled={change.isPending}
            onChange={(event) => change.mutate({ galleryShared: event.currentTarget.checked })}
            label={t('users.share')}
            description={t('users.shareNote')}
          />
        )}
      </Loaded>
    </Panel>
  )
}
