import { useEffect, useState } from 'react'

/** The time (Unix ms) in tenths of a second while `isOn`; for the clock of a running job. */
export function useTick(isOn: boolean): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    if (!isOn) return
    const timer = setInterval(() => setNow(Date.now()), 100)
    return () => clearInterval(timer)
  }, [isOn])
  return now
}
