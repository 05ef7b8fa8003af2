import { Button, Modal } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Fragment, Suspense, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LintFix, LintReport, Service } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { Loaded } from '../../api/Loaded'
import { api } from '../../api/query'
import { describeReason } from '../../i18n'
import dialog from '../../ui/Dialog.module.css'
import { Loading } from '../../ui/States'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { Diff } from '../compose/Diff'
import { useLintActions } from '../compose/useLintActions'
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
              <Fragment key={diff.file}>
                <p className="mono">{diff.name}</p>
                <Diff diff={diff} />
              </Fragment>
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
  const { id } = service
  useReturnFocus()
  const query = useQuery(api.lint.service.queryOptions({ input: { id }, staleTime: 0 }))
  const { fix: apply } = useLintActions(id, {
    done: ({ files }) => ({ title: t('close.done', { files: files.join(', ') }), message: t('close.next') }),
    onDone: onClose,
    quiet: true,
  })
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
      {/* What the dialog still fetches must not hide the page, and the button with it, to which the focus returns. */}
      <Suspense fallback={null}>{isOpen && <CloseDialog service={service} onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
