import i18next from 'i18next'
import { describeReason } from '../i18n'
import { showFailed } from '../ui/toast'
import { isProblem, wasAnswered } from './problem'

/** What is wrong and what to do next, for any error that a call can end with. */
export function describeError(error: unknown): { message: string; hint: string } {
  const t = i18next.t
  if (isProblem(error)) return describeReason({ ...error.data, message: error.message })
  if (wasAnswered(error) && error instanceof Error) return { message: error.message, hint: '' }
  return { message: t('common:state.noConnection'), hint: t('common:state.noConnectionHint') }
}

/** Says what failed and what to do, in the corner of the window. */
export function showFailure(error: unknown): void {
  const { message, hint } = describeError(error)
  showFailed(message, hint)
}
