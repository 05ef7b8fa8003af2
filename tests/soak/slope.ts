/** What was in use at an instant. */
export interface Sample {
  atMs: number
  rssMiB: number
}

/**
 * By how much memory grows over the samples, as a share of its mean: the line of least squares, from the first to the
 * last sample. 0 for fewer than two.
 */
export function growth(samples: readonly Sample[]): number {
  const mean = (of: (sample: Sample) => number) => samples.reduce((sum, each) => sum + of(each), 0) / samples.length
  const [first, last] = [samples[0], samples.at(-1)]
  if (!first || !last || first === last) return 0
  const [time, memory] = [mean(({ atMs }) => atMs), mean(({ rssMiB }) => rssMiB)]
  const spread = samples.reduce((sum, { atMs }) => sum + (atMs - time) ** 2, 0)
  const shared = samples.reduce((sum, { atMs, rssMiB }) => sum + (atMs - time) * (rssMiB - memory), 0)
  return ((shared / spread) * (last.atMs - first.atMs)) / memory
}
