import { useRef, type KeyboardEvent, type Ref } from 'react'
import { useTranslation } from 'react-i18next'
import { maxPromptLength } from '../../../shared/contract'
import { formatInteger, formatList } from '../../i18n/format'
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
  /** Names what takes no heed of a negative prompt, and whether nothing else would run. */
  ignoring: { names: string[]; isAll: boolean }
}

/** What to show, with its length, and what to leave out. Alt with the arrows goes through the prompts that were used. */
export function PromptFields({ ref, form, issue, placeholder, ignoring }: PromptFieldsProps) {
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
        disabled={ignoring.isAll}
        description={
          ignoring.names.length > 0 &&
          t('form.leaveOutNone', { count: ignoring.names.length, names: formatList(ignoring.names) })
        }
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
