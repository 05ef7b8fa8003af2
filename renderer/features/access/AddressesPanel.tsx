import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { readPublicOrigin } from '../../../shared/public-origin'
import { api, queryClient } from '../../api/query'
import { Panel } from '../../ui/Panel'
import { Loaded } from '../../api/Loaded'
import { useIsAdmin, useSession } from '../../api/useSession'
import c from '../../ui/Sheet.module.css'
import { AddressBook } from './AddressBook'

/** Under which addresses others reach the panel through a reverse proxy or a tunnel. In a browser only. */
export function AddressesPanel() {
  const { t } = useTranslation('access')
  const isAdmin = useIsAdmin()
  const isHttp = useSession().data?.door === 'http'
  const addresses = useQuery({ ...api.access.addresses.queryOptions(), enabled: isAdmin && isHttp })
  const change = useMutation(
    api.access.setAddresses.mutationOptions({
      onSuccess: (changed) => queryClient.setQueryData(api.access.addresses.queryKey(), changed),
    }),
  )
  if (!isAdmin || !isHttp) return null
  return (
    <Panel title={t('addresses.title')}>
      <p className={c.text}>
        {t('addresses.text')} {t('addresses.local')}
      </p>
      <Loaded query={addresses}>
        {({ fixed, added }) => (
          <AddressBook
            of="addresses"
            type="url"
            read={readPublicOrigin}
            {...{ fixed, added, isBusy: change.isPending }}
            onChange={(addresses, done) => change.mutate({ addresses }, done && { onSuccess: done })}
          />
        )}
      </Loaded>
    </Panel>
  )
}
