import { useTranslation } from 'react-i18next'
import type { Stack } from '../../../../shared/contract'
import { describeReason } from '../../../i18n'
import { StatusIcon } from '../../../ui/Status'
import c from './Add.module.css'

/** What the stack would install for the chosen card and why, or why it cannot: known before anything is downloaded. */
export function CardNote({ stack, gpu }: { stack: Stack; gpu: string }) {
  const { t } = useTranslation('add')
  const card = stack.cards.find(({ gpuUuid }) => (gpuUuid ?? 'none') === gpu)
  if (!card) return null
  const { state, pytorch, cuda, computeCapability, driverVersion } = card
  const why = card.reason && describeReason(card.reason)
  const facts = t('torch.facts', {
    capability: computeCapability ?? t('torch.unknown'),
    driver: driverVersion ?? t('torch.unknown'),
  })
  return (
    <section
      className={c.notice}
      data-tone={state === 'failed' ? 'bad' : state === 'warning' ? 'warn' : 'quiet'}
      role="status"
    >
      <StatusIcon of={state === 'ok' ? 'ready' : state} />
      <div>
        {state === 'failed' ? (
          <b>{why?.message}</b>
        ) : (
          <b>{cuda === null ? t('torch.cpu', { version: pytorch }) : t('torch.gpu', { version: pytorch, cuda })}</b>
        )}
        {state === 'warning' && <p>{why?.message}</p>}
        {why && <p>{why.hint}</p>}
        {card.gpuUuid !== null && state !== 'failed' && <p>{facts}</p>}
      </div>
    </section>
  )
}
