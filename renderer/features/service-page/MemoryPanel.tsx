import { Button } from '@mantine/core'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../shared/contract'
import { AttributionBar } from '../gpus/Gpu'
import { attribute } from '../gpus/shares'
import { Panel, PanelAction } from '../../ui/Panel'
import { useGpus } from '../gpus/useGpus'
import { hrefOf } from '../../ui/route'
import type { ServiceActions } from '../services/useServiceActions'
import { describeReason } from '../../i18n'
import { isManaged } from '../services/state'
import { formatGiBNumber, formatMiB } from '../../i18n/format'
import c from './ServiceDetail.module.css'

/** What the service holds on its GPU, and the way to take it back. */
export function MemoryPanel({ service, actions }: { service: Service; actions: ServiceActions }) {
  const { t } = useTranslation(['services', 'common'])
  const { report } = useGpus()
  const { id } = service
  const gpu = report?.gpus.find(
    ({ uuid, processes, holders }) =>
      uuid === service.gpu?.uuid ||
      processes.some(({ serviceId }) => serviceId === id) ||
      holders?.some((holder) => holder.kind === 'service' && holder.id === id),
  )
  const share = gpu && attribute(gpu).shares.find(({ serviceId }) => serviceId === id)
  return (
    <Panel
      title={t('panel.memory')}
      {...(gpu && {
        note: gpu.name,
        action: <PanelAction href={hrefOf('gpus')}>{t('common:action.open')}</PanelAction>,
      })}
    >
      {gpu && (
        <>
          <div className={`num ${c.gpuHead}`}>
            <span>
              <b>{share ? formatGiBNumber(share.mib) : '–'}</b>{' '}
              {gpu.memoryTotalMiB === null ? '' : t('memory.held', { total: formatMiB(gpu.memoryTotalMiB) })}
            </span>
          </div>
          <AttributionBar gpu={gpu} height={8} />
        </>
      )}
      <p className={c.gpuNote}>{t('memory.note')}</p>
      {actions.freed && (
        <p className={c.gpuNote} role="status" data-freed>
          {describeReason(actions.freed.words).message} {describeReason(actions.freed.words).hint}
        </p>
      )}
      <div className={c.buttons}>
        <Button
          variant="default"
          onClick={actions.freeMemory}
          loading={actions.isFreeing}
          disabled={service.health.state !== 'ready'}
          aria-label={t('do.freeOf', { id })}
        >
          {t('do.free')}
        </Button>
        {actions.freed?.restartHelps === true && isManaged(service) && (
          <Button variant="default" onClick={actions.restart} aria-label={t('do.restartOf', { id })}>
            {t('do.restart')}
          </Button>
        )}
      </div>
    </Panel>
  )
}
