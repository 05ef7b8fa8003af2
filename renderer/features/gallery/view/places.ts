/** An image among many: its generation, and which of its images. */
export interface Place {
  id: string
  index: number
}

/** All images of some generations, in their order. */
export const placesOf = (items: readonly { id: string; images: readonly unknown[] }[]): Place[] =>
  items.flatMap(({ id, images }) => images.map((_, index) => ({ id, index })))

/** Where one stands; -1 for what is not there. */
export const indexOf = (places: readonly Place[], { id, index }: Place): number =>
  places.findIndex((place) => place.id === id && place.index === index)

/** Those around one, as many on each side. */
export function around(places: readonly Place[], at: number, each: number): Place[] {
  // At an end the other side is longer, so that the strip is always full.
  const begin = Math.max(0, Math.min(at - each, places.length - (2 * each + 1)))
  return places.slice(begin, begin + 2 * each + 1)
}
