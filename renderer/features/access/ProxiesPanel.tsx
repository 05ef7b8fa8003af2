import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api, queryClient } from '../../api/query'
import { Panel } from '../../ui/Panel'
import { Loaded } from '../../api/Loaded'
import { useIsAdmin } from '../../api/useSession'
import c from '../../ui/Sheet.module.css'
import { AddressBook } from './AddressBook'

/** As far as a page can tell: whether it is an address is for the panel to say. */
const readProxy = (text: string): string | null =>
  /^[\da-f.:]+(?:\/\d{1,3})?$/i.test(text) ? text.toLowerCase() : null

/** Which reverse proxies are believed where a request comes from, at the panel and at the gateway. */
export function ProxiesPanel() {
  const { t } = useTranslation('access')
  const isAdmin = useIsAdmin()
  const proxies = useQuery({ ...api.access.proxies.queryOptions(), enabled: isAdmin })
  const change = useMutation(
    api.access.setProxies.mutationOptions({
      onSuccess: (changed) => queryClient.setQueryData(api.access.proxies.queryKey(), changed),
    }),
  )
  if (!isAdmin) return null
  return (
    <Panel title={t('proxies.title')}>
      <p className={c.text}>{t('proxies.text')}</p>
      <Loaded query={proxies}>
        {({ fixed, added }) => (
          <AddressBook
            of="proxies"
            type="text"
            read={readProxy}
            {...{ fixed, added, isBusy: change.isPending }}
            onChange={(addresses, done) => change.mutate({ addresses }, done && { onSuccess: done })}
          />
        )}
      </Loaded>
    </Panel>
  )
}
