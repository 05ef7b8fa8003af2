import { useEffect, useEffectEvent } from 'react'
import { follow, type FollowOptions } from './stream'

/**
 * Follows a stream while the component is shown and opens it again after a cut.
 *
 * @param key what the stream is about; another key closes the old stream and opens a new one, null opens none.
 */
export function useStream<T>(key: string | null, options: Omit<FollowOptions<T>, 'signal'>): void {
  const open = useEffectEvent((signal: AbortSignal) => options.open(signal))
  const onEvent = useEffectEvent((event: T) => options.onEvent(event))
  const onCut = useEffectEvent(() => options.onCut?.())
  const onRefused = useEffectEvent((error: unknown) => options.onRefused?.(error))
  const ends = options.ends ?? false

  useEffect(() => {
    if (key === null) return
    const controller = new AbortController()
    void follow<T>({
      open: (signal) => open(signal),
      onEvent: (event) => onEvent(event),
      onCut: () => onCut(),
      onRefused: (error) => onRefused(error),
      ends,
      signal: controller.signal,
    })
    return () => controller.abort()
  }, [key, ends])
}
