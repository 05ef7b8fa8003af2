import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { JobInLine } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api, queryClient } from '../../api/query'
import { ConfirmDialog } from '../../ui/ConfirmDialog'

interface CancelJobProps {
  of: Pick<JobInLine, 'name' | 'reason'>
  job: NonNullable<JobInLine['job']>
  serviceId: string
}

/** Ends somebody's job before its time, after saying what becomes of it. */
export function CancelJob({ of: { name, reason }, job, serviceId }: CancelJobProps) {
  const { t } = useTranslation('gateway')
  const [isAsking, setAsking] = useState(false)
  const options = {
    meta: { quiet: true },
    onSuccess: () => setAsking(false),
    onSettled: () => void queryClient.invalidateQueries({ queryKey: api.gateway.key() }),
  }
  const ofGateway = useMutation(api.usage.cancelJob.mutationOptions(options))
  const ofStudio = useMutation(api.generations.cancel.mutationOptions(options))
  const cancel = () =>
    job.from === 'gateway' ? ofGateway.mutate({ serviceId, id: job.id }) : ofStudio.mutate({ id: job.id })
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={26}
        aria-label={t('line.cancel', { name })}
        onClick={() => {
          ofGateway.reset()
          ofStudio.reset()
          setAsking(true)
        }}
      >
        <IconX size={15} />
      </ActionIcon>
      <ConfirmDialog
        opened={isAsking}
        onClose={() => setAsking(false)}
        title={t('line.cancelTitle', { name })}
        cancel={t('line.keep')}
        confirm={t('line.cancelConfirm')}
        onConfirm={cancel}
        busy={ofGateway.isPending || ofStudio.isPending}
        dangerous={reason === null}
      >
        <p>{t(reason === null ? 'line.cancelGiven' : 'line.cancelWaits')}</p>
        {job.from === 'gateway' && <p>{t('line.cancelAudit')}</p>}
        <Failure error={ofGateway.error ?? ofStudio.error} />
      </ConfirmDialog>
    </>
  )
}
