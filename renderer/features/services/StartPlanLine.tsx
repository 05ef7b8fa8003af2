import { useTranslation } from 'react-i18next'
import type { Service, StartPlan } from '../../../shared/contract'
import { useStartPlan } from './useStartPlan'
import { currentLanguage, describeReason } from '../../i18n'
import { formatGiBNumber, formatMiB } from '../../i18n/format'
import { StatusIcon } from '../../ui/Status'
import { roomOf } from './room'
import c from './StartPlan.module.css'
import { Tooltip } from '../../ui/Tooltip'

const listed = (ids: readonly string[]) => new Intl.ListFormat(currentLanguage()).format(ids)

/** The plan in one line: room on the GPU, what it took last time, whom it waits for. */
function useWords({ gpu, tookLastTimeMiB, waitsFor }: StartPlan): string[] {
  const { t } = useTranslation('operations')
  const words: string[] = []
  if (gpu && gpu.freeMiB !== null) {
    const free = formatMiB(gpu.freeMiB)
    words.push(
      gpu.totalMiB === null
        ? t('plan.freeOnly', { free })
        : t('plan.free', { free: formatGiBNumber(gpu.freeMiB), total: formatMiB(gpu.totalMiB) }),
      tookLastTimeMiB === null ? t('plan.neverSeen') : t('plan.took', { took: formatMiB(tookLastTimeMiB) }),
    )
  }
  if (waitsFor.length > 0) words.push(t('plan.waits', { ids: listed(waitsFor) }))
  return words
}

function Details({ service, plan }: { service: Service; plan: StartPlan }) {
  const { t } = useTranslation('operations')
  const { action, reasons, gpu, tookLastTimeMiB, waitsFor } = plan
  return (
    <div className={c.details}>
      <p>{service.runtime === 'compose' ? t(`plan.action.${action}`) : t('plan.actionOther')}</p>
      {reasons.map((reason) => (
        <p key={reason.problem}>{describeReason(reason).message}</p>
      ))}
      {gpu && gpu.freeMiB !== null && (
        <p>
          {tookLastTimeMiB === null
            ? t('plan.on', { gpu: gpu.name, free: formatMiB(gpu.freeMiB) })
            : t('plan.onTook', { gpu: gpu.name, free: formatMiB(gpu.freeMiB), took: formatMiB(tookLastTimeMiB) })}
        </p>
      )}
      {waitsFor.length > 0 && <p>{t('plan.waitsLong', { ids: listed(waitsFor) })}</p>}
    </div>
  )
}

function Line({ service, plan }: { service: Service; plan: StartPlan }) {
  const { t } = useTranslation('operations')
  const isShort = roomOf(plan) === 'short'
  const words = useWords(plan)
  const text =
    words.length > 0 ? words.join(' · ') : service.runtime === 'compose' ? t(`plan.action.${plan.action}`) : ''
  if (text === '') return null
  return (
    <Tooltip label={<Details service={service} plan={plan} />} multiline maw={340} always>
      <span className={c.line} tabIndex={0} role="note" aria-label={t('plan.detailsOf', { id: service.id, text })}>
        {isShort && <StatusIcon of="warning" size={14} />}
        <span className="ellipsis">{isShort ? t('plan.short', { text }) : text}</span>
      </span>
    </Tooltip>
  )
}

/** What a start would find and do, calmly beside Start; the whole story on hover and focus. Nothing while it is up. */
export default function StartPlanLine({ service }: { service: Service }) {
  const { data: plan, isEnabled } = useStartPlan(service)
  return isEnabled && plan && plan.action !== 'none' && <Line service={service} plan={plan} />
}
