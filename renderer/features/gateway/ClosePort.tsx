import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LintFix, LintReport, Service } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import dialog from '../../ui/Dialog.module.css'
import { Loading } from '../../ui/States'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { Diff } from '../compose/Diff'
import { portChanges, reachesItself } from './close-port'

interface ChangesProps {
  report: LintReport
  service: Service
  isBusy: boolean
  onApply: (fixes: LintFix[]) => void
  onClose: () => void
}

/** What is written where, before it is; or why nothing is. */
function Changes({ report, service, isBusy, onApply, onClose }: ChangesProps) {
  const { t } = useTranslation(['gateway', 'common'])
  const { fixes, isByHand } = portChanges(report, service)
  const isSafe = reachesItself(service)
  const words = !isSafe ? 'unsafe' : isByHand ? 'byHand' : fixes.length === 0 ? 'closed' : 'text'
  return (
    <>
      <p>{t(`close.${words}`, { url: service.url })}</p>
      {isSafe &&
        fixes.map((fix) => (
          <div key={fix.id}>
            <p>{describeReason(fix.reason).message}</p>
            {fix.diffs.map((diff) => (
              <Diff key={diff.file} diff={diff} />
            ))}
          </div>
        ))}
      <footer className={dialog.foot}>
        <Button variant="default" onClick={onClose}>
          {t('common:action.cancel')}
        </Button>
        {isSafe && fixes.length > 0 && (
          <Button onClick={() => onApply(fixes)} loading={isBusy} data-autofocus>
            {t('close.apply')}
          </Button>
        )}
      </footer>
    </>
  )
}

function CloseDialog({ service, onClose }: { service: Service; onClose: () => void }) {
  const { t } = useTranslation('gateway')
  const cache = useQueryClient()
  const { id } = service
  useReturnFocus()
  const query = useQuery(api.lint.service.queryOptions({ input: { id }, staleTime: 0 }))
  const apply = useMutation(
    api.lint.fix.mutationOptions({
      meta: { quiet: true },
      onSuccess: ({ change, report }) => {
        cache.setQueryData(api.lint.service.queryKey({ input: { id } }), report)
        showDone(t('close.done', { files: change.files.join(', ') }), { message: <div>{t('close.next')}</div> })
        onClose()
      },
    }),
  )
  return (
    <Modal opened onClose={onClose} title={t('close.title', { id })} size={620}>
      <div className={dialog.dialog}>
        <Loaded query={query} loading={<Loading rows={4} />}>
          {(report) => (
            <Changes
              {...{ report, service, onClose }}
              isBusy={apply.isPending}
              onApply={(fixes) =>
                apply.mutate({
                  id,
                  fixes: fixes.map((fix) => fix.id),
                  files: report.files.map(({ path, state }) => ({ path, state })),
                })
              }
            />
          )}
        </Loaded>
        <Failure error={apply.error} />
      </div>
    </Modal>
  )
}

/**
 * Offers to publish the ports of a Compose service at the loopback alone, by the change that the Compose check proposes
 * and shows. What Regie did not deploy by Compose decides that by its own settings.
 */
export default function ClosePort({ service }: { service: Service }) {
  const { t } = useTranslation('gateway')
  const [isOpen, setOpen] = useState(false)
  if (service.runtime !== 'compose') return null
  return (
    <>
      <Button variant="light" onClick={() => setOpen(true)}>
        {t('close.button')}
      </Button>
      {isOpen && <CloseDialog service={service} onClose={() => setOpen(false)} />}
    </>
  )
}
