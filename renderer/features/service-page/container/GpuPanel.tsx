import { IconAlertTriangle } from '@tabler/icons-react'
import { useTranslation } from 'react-i18next'
import type { EffectiveGpu } from '../../../../shared/contract'
import { Facts, Panel } from '../../../ui/Panel'
import { describeReason } from '../../../i18n'
import c from './Container.module.css'

function Gets({ gpu }: { gpu: EffectiveGpu }) {
  const { t } = useTranslation('container')
  const { outcome, gpus } = gpu
  if (outcome === 'none' || outcome === 'unknown') return t(`gpu.${outcome}`)
  return (
    <>
      <ul className={c.cards}>
        {gpus.map(({ uuid, name, index }) => (
          <li key={uuid} title={uuid}>
            {name} <span className="dim">{t('gpu.card', { index })}</span>
          </li>
        ))}
      </ul>
      {outcome === 'one-of' && (
        <span className={c.note} data-tone="warn">
          {t('gpu.one-of')}
        </span>
      )}
    </>
  )
}

/** Which GPUs the container asks for, what stands in its settings, and which it really gets. */
export function GpuPanel({ gpu }: { gpu: EffectiveGpu }) {
  const { t } = useTranslation('container')
  const asked = gpu.requests.map(({ count, deviceIds }) =>
    deviceIds.length > 0 ? deviceIds.join(', ') : count === -1 ? t('gpu.all') : t('gpu.first', { count: count ?? 0 }),
  )
  const setting = (value: string | null) =>
    value === null ? <span className="dim">{t('gpu.unset')}</span> : <span className="mono">{value}</span>
  return (
    <Panel title={t('gpu.title')}>
      <Facts
        labelWidth={184}
        rows={[
          [t('gpu.gets'), <Gets gpu={gpu} />],
          [t('gpu.asks'), asked.length > 0 ? <span className="mono">{asked.join('; ')}</span> : t('gpu.nothing')],
          [t('gpu.runtime'), gpu.runtime],
          ['NVIDIA_VISIBLE_DEVICES', setting(gpu.nvidiaVisibleDevices)],
          ['CUDA_VISIBLE_DEVICES', setting(gpu.cudaVisibleDevices)],
          ['CUDA_DEVICE_ORDER', setting(gpu.cudaDeviceOrder)],
          [t('gpu.program'), gpu.programFlag === null ? null : setting(gpu.programFlag)],
          [t('gpu.platform'), t(`gpu.${gpu.platform}`)],
        ]}
      />
      {gpu.findings.length > 0 && (
        <ul className={c.findings}>
          {gpu.findings.map((finding) => {
            const { message, hint } = describeReason(finding)
            return (
              <li key={finding.problem}>
                <IconAlertTriangle size={16} stroke={1.8} aria-hidden />
                <p>
                  {message} {hint}
                </p>
              </li>
            )
          })}
        </ul>
      )}
    </Panel>
  )
}
