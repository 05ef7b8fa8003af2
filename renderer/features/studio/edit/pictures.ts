import { useMutation } from '@tanstack/react-query'
import { useEffect, useEffectEvent, type DragEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { largestInputBytes, mostInputImages } from '../../../../shared/contract'
import { pictureMimes } from '../../../../shared/media'
import { client } from '../../../api/client'
import { showDone, showFailed } from '../../../ui/toast'
import { changeEdit, currentForm } from '../store'
import { holdSource } from './source'

const isPicture = ({ type }: File) => pictureMimes.some((one) => one === type)

/** A picture from the person's own files, or one of the gallery. */
export type Given = File | { imageId: string }

/** Whether a picture takes the place of the source, or comes after the others. */
export type Place = 'source' | 'next'

/** Puts a picture into the form: another source begins without a mask. */
function place(id: string, where: Place): void {
  const { pictures } = currentForm().edit
  if (where === 'next' && pictures.length > 0) {
    if (!pictures.includes(id)) changeEdit({ pictures: [...pictures, id].slice(0, mostInputImages) })
    return
  }
  const others = pictures.slice(1).filter((one) => one !== id)
  changeEdit({ pictures: [id, ...others], ...(pictures[0] === id ? {} : { mask: null }) })
}

/** Says that pictures changed, with the way back: to which they were, and to the mask. */
function offerUndo(title: string): void {
  const { pictures, mask } = currentForm().edit
  const { putBack } = holdSource()
  showDone(title, {
    undo: () => {
      putBack()
      changeEdit({ pictures, mask })
    },
  })
}

/** Takes a picture out; the next one is then the source. `title`: what is said of it. */
export function removePicture(id: string, title: string): void {
  const { pictures, mask } = currentForm().edit
  offerUndo(title)
  changeEdit({ pictures: pictures.filter((one) => one !== id), mask: pictures[0] === id ? null : mask })
}

/** Gives pictures to Regie and puts them into the form. */
export function useGivePicture() {
  const { t } = useTranslation('editing')
  /** Why it is not taken; null where it is. */
  const refusal = (given: Given, where: Place): { message: string; hint: string } | null => {
    if (where === 'next' && currentForm().edit.pictures.length >= mostInputImages)
      return { message: t('images.full', { count: mostInputImages }), hint: t('images.fullHint') }
    if (!(given instanceof File)) return null
    const file = given.name.slice(0, 80)
    if (!isPicture(given)) return { message: t('images.wrongType', { file }), hint: t('images.wrongTypeHint') }
    if (given.size <= largestInputBytes) return null
    return {
      message: t('images.tooLarge', { file }),
      hint: t('images.tooLargeHint', { most: largestInputBytes / 2 ** 20 }),
    }
  }
  const give = useMutation({
    // One after the other, so that several come in the order in which they were given.
    scope: { id: 'studio-pictures' },
    mutationFn: async ({ given, where }: { given: Given; where: Place }) => {
      const refused = refusal(given, where)
      if (refused) {
        showFailed(refused.message, refused.hint)
        return
      }
      const input =
        given instanceof File
          ? await client.inputs.upload({ file: given })
          : await client.inputs.fromImage({ id: given.imageId })
      const isLost = where === 'source' && currentForm().edit.pictures[0] !== input.id && holdSource().hasMask
      if (isLost) offerUndo(t('source.replaced'))
      place(input.id, where)
    },
  })
  return {
    isPending: give.isPending,
    give: (given: Given, where: Place): void => give.mutate({ given, where }),
  }
}

type Give = ReturnType<typeof useGivePicture>['give']

/** Gives several files at once: the first where it was meant to be, the others after it. */
function giveAll(give: Give, files: readonly File[], where: Place): void {
  files.forEach((file, index) => give(file, index === 0 ? where : 'next'))
}

/** What makes an element take the files that are dropped on it. */
export const dropTarget = (give: Give, where: Place) => ({
  onDragOver: (event: DragEvent) => {
    if (event.dataTransfer.types.includes('Files')) event.preventDefault()
  },
  onDrop: (event: DragEvent) => {
    const files = [...event.dataTransfer.files]
    if (files.length === 0) return
    event.preventDefault()
    giveAll(give, files, where)
  },
})

/** Takes an image that is pasted anywhere on the page. */
export function usePaste(give: Give): void {
  const onPaste = useEffectEvent((event: ClipboardEvent) => {
    const file = [...(event.clipboardData?.files ?? [])].find(isPicture)
    if (!file) return
    event.preventDefault()
    give(file, 'next')
  })
  useEffect(() => {
    const listen = (event: ClipboardEvent) => onPaste(event)
    addEventListener('paste', listen)
    return () => removeEventListener('paste', listen)
  }, [])
}
