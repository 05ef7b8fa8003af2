/** Unix time in ms that no turning back of the machine's clock takes back while this process runs. */
export function createForwardTime(
  wall: () => number = Date.now,
  steady: () => number = () => performance.now(),
): () => number {
  const begin = { wall: wall(), steady: steady() }
  // A steady clock may stand still while a machine sleeps: whichever says more is believed.
  return () => Math.floor(Math.max(wall(), begin.wall + steady() - begin.steady))
}
