import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { LintChange } from '../../../shared/contract'
import { api } from '../../api/query'
import { showDone } from '../../ui/toast'

interface LintActionsOptions {
  /** What is said of a change that was made. */
  done: (change: LintChange) => { title: string; message: string }
  /** Called when it was made. */
  onDone?: () => void
  /** What fails is shown where it was asked for, and not as a message of its own. */
  quiet?: boolean
}

/** Applying and taking back: the report that comes back is what is shown from then on. */
export function useLintActions(serviceId: string, { done, onDone, quiet = false }: LintActionsOptions) {
  const { t } = useTranslation('lint')
  const cache = useQueryClient()
  const key = api.lint.service.queryKey({ input: { id: serviceId } })
  const lookAgain = () => void cache.invalidateQueries({ queryKey: key })
  const undo = useMutation(
    api.lint.undo.mutationOptions({
      onSuccess: (report) => {
        cache.setQueryData(key, report)
        showDone(t('undone'))
      },
      onError: lookAgain,
    }),
  )
  const fix = useMutation(
    api.lint.fix.mutationOptions({
      ...(quiet && { meta: { quiet } }),
      onSuccess: ({ change, report }) => {
        cache.setQueryData(key, report)
        const { title, message } = done(change)
        showDone(title, {
          message: <div>{message}</div>,
          undo: () => undo.mutate({ id: serviceId, change: change.id }),
        })
        onDone?.()
      },
      onError: lookAgain,
    }),
  )
  return { fix, undo }
}
