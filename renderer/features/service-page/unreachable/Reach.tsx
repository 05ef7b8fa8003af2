import { useQuery } from '@tanstack/react-query'
import type { Service } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { Loaded } from '../../../api/Loaded'
import { Loading } from '../../../ui/States'
import { Day } from './Day'
import { Tries } from './Tries'

/** Whether the service answered in the last 24 hours, and what it was asked last. Asked again with each check. */
export default function Reach({ service }: { service: Service }) {
  const { id, health } = service
  const reach = useQuery({
    ...api.services.reach.queryOptions({ input: { id } }),
    queryKey: [...api.services.reach.queryKey({ input: { id } }), health.checkedAt],
    placeholderData: (before) => before,
  })
  return (
    <Loaded query={reach} loading={<Loading rows={4} />}>
      {({ slots, tries }) => (
        <>
          <Day slots={slots} />
          <Tries tries={tries} />
        </>
      )}
    </Loaded>
  )
}
