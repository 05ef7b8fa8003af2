import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { Generation } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { showDone } from '../../ui/toast'
import { navigate } from '../../ui/route'
import { neighbour } from './pages'

/** Takes a picture out of the gallery, goes to the next one, and offers to take it back. */
export function useRemoval() {
  const { t } = useTranslation('gallery')
  const remove = useMutation(api.generations.remove.mutationOptions())
  const restore = useMutation(api.generations.restore.mutationOptions())
  const listAgain = () => queryClient.invalidateQueries({ queryKey: api.generations.list.key() })
  return ({ id }: Generation, items: readonly Generation[]) => {
    const next = neighbour(items, id, 1) ?? neighbour(items, id, -1)
    remove.mutate(
      { id },
      {
        onSuccess: () => {
          void listAgain()
          navigate('gallery', next?.id)
          showDone(t('detail.deleted'), {
            undo: () => restore.mutate({ id }, { onSuccess: () => void listAgain() }),
          })
        },
      },
    )
  }
}
