const gib = 1024 ** 3

/** What a program takes beside its models. */
const programGiB = 16

/**
 * The limit of a container's memory, in whole GiB: its models, which lie there while they are not on the GPU, and the
 * program. To the rest of the machine are left 4 GiB, or a tenth where that is more; a small machine gives a half. Null
 * where the machine's memory is not known.
 */
export function memoryLimitGiB(totalBytes: number | null, modelsGiB: number): number | null {
  if (totalBytes === null || totalBytes <= 0) return null
  const total = totalBytes / gib
  const spare = Math.max(total / 2, total - Math.max(4, total / 10))
  return Math.max(1, Math.floor(Math.min(modelsGiB + programGiB, spare)))
}
