/** At most twelve names, then how many more. */
export function listNames(names: readonly string[]): string {
  if (names.length === 0) return '–'
  const shown = names.slice(0, 12).join(', ')
  return names.length > 12 ? `${shown}, … (+${names.length - 12})` : shown
}

/** How torch and CUDA say that the GPU is full. */
export const isOutOfMemory = (words: string) => /OutOfMemoryError|out of memory|Allocation on device/i.test(words)
