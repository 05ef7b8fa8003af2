import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { GalleryChange, Generation } from '../../../shared/contract'
import { client } from '../../api/client'
import { archiveUrl } from '../../api/images'
import { api, queryClient } from '../../api/query'
import { describeReason } from '../../i18n'
import { showDone, showFailed } from '../../ui/toast'

interface ChangeOptions {
  /** Said when it is done to so many; nothing where the page shows it. */
  done?: (count: number) => string
  /** What takes it back: the same for all, or for each what the panel says. */
  undo?: GalleryChange | 'as-told'
}

const lists = { queryKey: api.generations.list.key() }

/** Asks for everything again that shows generations. */
function askAgain(): void {
  for (const queryKey of [
    api.generations.list.key(),
    api.generations.get.key(),
    api.gallery.key(),
    api.presets.history.key(),
  ])
    void queryClient.invalidateQueries({ queryKey })
}

/** Changes one generation or many, says what could not be changed, and offers to take it back. */
export function useChanges() {
  const { t } = useTranslation('gallery')
  const change = useMutation(api.gallery.change.mutationOptions())
  const apply = (ids: readonly string[], what: GalleryChange, { done, undo }: ChangeOptions = {}) => {
    change.mutate(
      { ...what, ids: [...ids] },
      {
        onSuccess: ({ changed, refused, undo: told = [] }) => {
          askAgain()
          const [first] = refused
          if (first) showFailed(t('bulk.refused', { count: refused.length }), describeReason(first.reason).message)
          if (changed.length === 0 || done === undefined) return
          const back = undo === 'as-told' ? told : undo ? [{ ...undo, ids: changed }] : []
          const takeBack = async () => {
            for (const one of back) await change.mutateAsync(one)
            askAgain()
          }
          showDone(done(changed.length), back.length > 0 ? { undo: () => void takeBack() } : {})
        },
      },
    )
  }
  return {
    isPending: change.isPending,
    apply,
    mark: (ids: readonly string[], favourite: boolean) => apply(ids, { favourite }),
    bin: (ids: readonly string[]) =>
      apply(ids, { bin: true }, { done: (count) => t('bulk.binned', { count }), undo: { bin: false } }),
    restore: (ids: readonly string[]) =>
      apply(ids, { bin: false }, { done: (count) => t('bulk.restored', { count }), undo: { bin: true } }),
  }
}

/** The star of one: at once, as it is only the reader's own. */
export function useFavourite() {
  const { mark } = useChanges()
  return ({ id, favourite = false }: Pick<Generation, 'id' | 'favourite'>) => {
    queryClient.setQueryData(
      api.generations.get.queryKey({ input: { id } }),
      (one: Generation | undefined) => one && { ...one, favourite: !favourite },
    )
    void queryClient.cancelQueries(lists)
    mark([id], !favourite)
  }
}

/** What is more than this is told before it is fetched, in bytes. */
export const largeArchive = 2 * 2 ** 30

/** Orders the images as one ZIP. */
export const orderArchive = (ids: readonly string[]) => client.gallery.archive({ ids: [...ids] })

/** Hands an ordered ZIP to the browser, which writes it to the disk as it comes. */
export function saveArchive({ id, name }: { id: string; name: string }): void {
  const link = document.createElement('a')
  link.href = archiveUrl(id)
  link.download = name
  link.click()
}
