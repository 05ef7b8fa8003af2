/** How a browser shows a file: as an image, as a video, or not at all. */
export type Shown = 'image' | 'video' | 'nothing'

/** The types of files that are kept of a generation: how each is called, how its file's name ends, and how it is shown. */
const media = {
  'image/png': { name: 'PNG', ending: 'png', shown: 'image' },
  'image/jpeg': { name: 'JPEG', ending: 'jpg', shown: 'image' },
  'image/webp': { name: 'WebP', ending: 'webp', shown: 'image' },
  'image/gif': { name: 'GIF', ending: 'gif', shown: 'image' },
  'image/avif': { name: 'AVIF', ending: 'avif', shown: 'image' },
  'image/x-exr': { name: 'EXR', ending: 'exr', shown: 'nothing' },
  'video/mp4': { name: 'MP4', ending: 'mp4', shown: 'video' },
  'video/webm': { name: 'WebM', ending: 'webm', shown: 'video' },
  'video/quicktime': { name: 'MOV', ending: 'mov', shown: 'video' },
  'video/x-matroska': { name: 'MKV', ending: 'mkv', shown: 'video' },
} as const satisfies Record<string, { name: string; ending: string; shown: Shown }>

export type MediaMime = keyof typeof media

const isMediaMime = (mime: string): mime is MediaMime => Object.hasOwn(media, mime)

/** All of them, as a contract's list. */
export const mediaMimes = Object.keys(media).filter(isMediaMime)

/** Those that are shown as images, and that can be generated from. */
export const pictureMimes = mediaMimes.filter((mime) => media[mime].shown === 'image')

export interface MediaType {
  /** As people call it, e.g. `MP4`. */
  name: string
  /** Of a file's name, without its dot. */
  ending: string
  shown: Shown
}

/** What is known of a type. Of one that is not kept: a file that is not shown. */
export const mediaOf = (mime: string): MediaType =>
  isMediaMime(mime) ? media[mime] : { name: mime, ending: 'bin', shown: 'nothing' }

const endings = new Set<string>([...Object.values(media).map(({ ending }) => ending), 'jpeg', 'm4v'])

/** Whether a file's name says that it is one of these types. */
export const saysMedia = (name: string): boolean => endings.has(/\.([a-z0-9]+)$/i.exec(name)?.[1]?.toLowerCase() ?? '')

/** The size of a file in pixels, or null where it is not known. */
export const pixelsOf = ({
  width,
  height,
}: {
  width: number | null
  height: number | null
}): { width: number; height: number } | null => (width === null || height === null ? null : { width, height })
