import { useMutation } from '@tanstack/react-query'
import { client } from '../../api/client'
import { editHref } from '../../ui/route'
import { handOverSource } from './handover'

/** Opens the Studio's mode that edits with an image of the gallery as its source. */
export const useEditImage = () =>
  useMutation({
    mutationFn: (imageId: string) => client.inputs.fromImage({ id: imageId }),
    onSuccess: ({ id }) => {
      handOverSource(id, sessionStorage)
      location.hash = editHref
    },
  })
