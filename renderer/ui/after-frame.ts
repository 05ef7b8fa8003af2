/**
 * Does something once the browser has shown what there is: what asks for places or the focus at once makes it lay out a page
 * that is still being made, and then again. Returns how to leave it undone.
 */
export function afterFrame(work: () => void): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined
  const frame = requestAnimationFrame(() => (timer = setTimeout(work)))
  return () => {
    cancelAnimationFrame(frame)
    clearTimeout(timer)
  }
}
