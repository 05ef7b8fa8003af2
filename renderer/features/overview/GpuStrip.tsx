import { useTranslation } from 'react-i18next'
import { GpuRow } from '../gpus/Gpu'
import { GpuWarning, reportWarning } from '../gpus/GpuWarning'
import { Panel, PanelAction } from '../../ui/Panel'
import { Loading } from '../../ui/States'
import { StatusLabel } from '../../ui/Status'
import { useIsAdmin } from '../../api/useSession'
import { useGpus } from '../gpus/useGpus'
import { hrefOf } from '../../ui/route'
import { describeReason } from '../../i18n'
import c from './Overview.module.css'

/** The GPUs in one line each; on a machine without any, one sentence that says so. */
export function GpuStrip() {
  const { t } = useTranslation(['overview', 'gpus'])
  const { report, history } = useGpus()
  const isAdmin = useIsAdmin()
  const reason = report?.reason && describeReason(report.reason)
  const warning = reportWarning(report)
  const isWaiting = report === null || (report.state === 'starting' && report.gpus.length === 0)
  const note = report?.state === 'stale' ? <StatusLabel of="stale" /> : t('gpus.sampled')
  return (
    <Panel
      title={t('gpus.title')}
      {...(report && report.gpus.length > 0 && { note })}
      action={isAdmin && <PanelAction href={hrefOf('gpus')}>{t('gpus.details')}</PanelAction>}
      flush
      className={c.wide}
    >
      {isWaiting ? (
        <div className={c.padded}>
          <Loading rows={1} />
        </div>
      ) : report.gpus.length === 0 ? (
        <p className={`${c.nothing} ${c.padded}`}>
          {reason ? `${reason.message} ${reason.hint}` : t('gpus:state.noneText')}
        </p>
      ) : (
        <>
          {warning && (
            <div className={c.padded}>
              <GpuWarning warning={warning} />
            </div>
          )}
          {report.gpus.map((gpu) => (
            <GpuRow key={gpu.uuid} gpu={gpu} history={history.get(gpu.uuid) ?? []} />
          ))}
        </>
      )}
    </Panel>
  )
}
