import { useRef, type KeyboardEvent, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { maxPromptLength } from '../../../shared/contract'
import { formatInteger } from '../../i18n/format'
import { GrowingText } from '../../ui/GrowingText'
import type { StudioForm } from './form'
import { notRecalled, recallStep } from './recall'
import { changeForm } from './store'
import c from './Studio.module.css'
import { usePromptHistory } from './usePromptHistory'

interface PromptFieldsProps {
  ref: Ref<HTMLTextAreaElement>
  form: StudioForm
  issue: string | false
  placeholder?: string
  /** The model for which a negative prompt changes nothing; null where it changes something, or that is not known. */
  ignoresNegative: string | null
}

/** What to show, with its length, and what to leave out. Alt with the arrows goes through the prompts that were used. */
export function PromptFields({ ref, form, issue, placeholder, ignoresNegative }: PromptFieldsProps) {
  const { t } = useTranslation('studio')
  const recall = useRecall(form)
  const length = Array.from(form.prompt).length
  return (
    <>
      <GrowingText
        ref={ref}
        label={t('form.prompt')}
        labelProps={{ className: c.promptLabel }}
        placeholder={placeholder ?? t('form.promptPlaceholder')}
        value={form.prompt}
        onChange={(event) => changeForm({ prompt: event.currentTarget.value })}
        onKeyDown={recall}
        aria-keyshortcuts="Alt+ArrowUp Alt+ArrowDown"
        error={issue}
        description={t('form.length', { count: length, number: formatInteger(length) })}
        descriptionProps={{ className: c.promptLength }}
        classNames={{ root: c.promptRoot ?? '' }}
        least={4}
        most={10}
      />
      <GrowingText
        label={t('form.leaveOut')}
        placeholder={t('form.leaveOutPlaceholder')}
        disabled={ignoresNegative !== null}
        description={ignoresNegative !== null && t('form.leaveOutNone', { family: ignoresNegative })}
        value={form.negativePrompt}
        onChange={(event) => changeForm({ negativePrompt: event.currentTarget.value })}
        maxLength={maxPromptLength}
        least={1}
        most={4}
      />
    </>
  )
}

/** Alt ↑ brings back the prompt before, Alt ↓ the one after, and at last what was being written. */
function useRecall({ prompt, negativePrompt }: StudioForm) {
  const used = usePromptHistory()
  const recall = useRef(notRecalled)
  return (event: KeyboardEvent) => {
    if (!event.altKey || (event.key !== 'ArrowUp' && event.key !== 'ArrowDown')) return
    event.preventDefault()
    const direction = event.key === 'ArrowUp' ? 'older' : 'newer'
    const step = recallStep(recall.current, used, { prompt, negativePrompt }, direction)
    if (!step) return
    recall.current = step.recall
    changeForm(step.prompt)
  }
}
