import { viewable } from './page-key'

/** Address of an image as the backend made it. */
export const imageUrl = (id: string): string => viewable(`/api/v1/images/${id}`)

/** Address of its WebP of at most 384 px. */
export const thumbnailUrl = (id: string): string => viewable(`/api/v1/images/${id}/thumbnail`)

/** Address of a ZIP that was ordered. */
export const archiveUrl = (id: string): string => viewable(`/api/v1/gallery/archives/${id}`)

/** Address of the test image of one version of an update. */
export const updatePictureUrl = (id: string, of: 'old' | 'new'): string =>
  viewable(`/api/v1/updates/${id}/pictures/${of}`)

/** Address of the image of a golden check. */
export const goldenPictureUrl = (serviceId: string, checkId: string): string =>
  viewable(`/api/v1/services/${serviceId}/golden/images/${checkId}`)

/** Address of a picture that was given to Regie to generate from. */
export const inputUrl = (id: string): string => viewable(`/api/v1/inputs/${encodeURIComponent(id)}`)
