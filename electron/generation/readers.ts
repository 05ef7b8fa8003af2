import type { GeneratedImage } from '../../shared/contract'

/**
 * Who reads which image now. What is to be deleted meanwhile is left to its last reader: a download that runs is not cut
 * off, and Windows deletes no file that is open. `erase` throws nothing that anybody could answer to.
 */
export function createReaders(erase: (image: GeneratedImage) => Promise<void>) {
  const counts = new Map<string, number>()
  const doomed = new Map<string, GeneratedImage>()
  const erasing = new Set<Promise<void>>()

  const letGo = ({ id }: GeneratedImage) => {
    const left = (counts.get(id) ?? 1) - 1
    if (left > 0) {
      counts.set(id, left)
      return
    }
    counts.delete(id)
    const image = doomed.get(id)
    doomed.delete(id)
    if (!image) return
    const work = erase(image)
      .catch(() => undefined) // what stays behind takes room, and no one waits for it
      .finally(() => erasing.delete(work))
    erasing.add(work)
  }

  return {
    hold(images: readonly GeneratedImage[]): () => void {
      for (const { id } of images) counts.set(id, (counts.get(id) ?? 0) + 1)
      let isHeld = true
      return () => {
        if (isHeld) images.forEach(letGo)
        isHeld = false
      }
    },
    /** Whether somebody reads it, who deletes it then. */
    leaveTo(image: GeneratedImage): boolean {
      if (!counts.has(image.id)) return false
      doomed.set(image.id, image)
      return true
    },
    settled: async (): Promise<void> => void (await Promise.all(erasing)),
  }
}
