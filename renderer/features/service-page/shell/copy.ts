import i18next from 'i18next'
import { showFailed } from '../../../ui/toast'

/**
 * Copies what is selected in a terminal. A browser may refuse, and has no clipboard at all on a page that came over
 * plain HTTP from another machine: then the person is told, who would else paste something older.
 */
export async function copySelection(text: string): Promise<void> {
  if (text === '') return
  try {
    await navigator.clipboard.writeText(text)
  } catch {
    showFailed(i18next.t('shell:copyFailed'), i18next.t('shell:copyFailedHint'))
  }
}
