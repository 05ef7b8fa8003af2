import { useQuery } from '@tanstack/react-query'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import { StatusIcon } from '../../ui/Status'
import c from './FitWarning.module.css'

/** What is free changes while others work: asked again when one comes back to it after so long, in ms. */
const freshMs = 10_000

/** That a service's model will not find room on its card now, and what would make it; nothing where it fits, or that is not known. */
export function FitWarning({ serviceId }: { serviceId: string }) {
  const { data } = useQuery({
    ...api.services.fit.queryOptions({ input: { id: serviceId } }),
    staleTime: freshMs,
    retry: false,
  })
  if (!data || (data.state !== 'after-freeing' && data.state !== 'too-large')) return null
  const { message, hint } = describeReason(data.words)
  return (
    <p className={c.fit} title={hint}>
      <StatusIcon of={data.state === 'too-large' ? 'warning' : 'notice'} size={14} />
      <span>{message}</span>
    </p>
  )
}
