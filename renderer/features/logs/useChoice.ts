import { useState } from 'react'

/** A switch that is remembered in this browser. */
export function useChoice(name: string, initially: boolean): [boolean, (on: boolean) => void] {
  const key = `regie-${name}`
  const [isOn, setOn] = useState(() => {
    const kept = localStorage.getItem(key)
    return kept === null ? initially : kept === 'on'
  })
  const change = (on: boolean) => {
    localStorage.setItem(key, on ? 'on' : 'off')
    setOn(on)
  }
  return [isOn, change]
}
