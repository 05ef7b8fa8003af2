import { useEffect, useEffectEvent } from 'react'
import { isGoing } from './go-key'

/**
 * Keys that a page, or a part of one, has beside those of the whole panel, and what each does: parts act by them, and the
 * dialog of shortcuts lists all of them. `Ctrl` is Cmd too.
 */
export const pageKeys = {
  services: { find: ['/'] },
  attention: { next: ['J', 'ArrowDown'], previous: ['K', 'ArrowUp'], snooze: ['S'], open: ['O'] },
  people: { find: ['/'], newKey: ['N'], invite: ['I'] },
  me: { newKey: ['N'] },
  gallery: {
    previous: ['ArrowLeft'],
    next: ['ArrowRight'],
    up: ['ArrowUp'],
    down: ['ArrowDown'],
    favourite: ['F'],
    bin: ['Delete'],
    all: ['Ctrl+A'],
    close: ['Escape'],
  },
  viewer: {
    previous: ['ArrowLeft'],
    next: ['ArrowRight'],
    up: ['ArrowUp'],
    down: ['ArrowDown'],
    favourite: ['F'],
    edit: ['E'],
    again: ['R'],
    vary: ['V'],
    facts: ['I'],
    zoom: ['Z'],
    closer: ['+', '='],
    farther: ['-'],
    bin: ['Delete'],
  },
  compare: {
    slider: ['S'],
    side: ['P'],
    difference: ['D'],
    blink: ['B'],
    turn: ['Space'],
    swap: ['X'],
    chooseA: ['1'],
    chooseB: ['2'],
    zoom: ['Z'],
    closer: ['+'],
    farther: ['-'],
    close: ['Escape'],
  },
  mask: {
    brush: ['B'],
    eraser: ['E'],
    lasso: ['L'],
    smaller: ['['],
    larger: [']'],
    invert: ['I'],
    undo: ['Ctrl+Z'],
    redo: ['Ctrl+Shift+Z', 'Ctrl+Y'],
    compare: ['X'],
  },
  workflow: { find: ['/'] },
} as const satisfies Record<string, Record<string, readonly string[]>>

type PageKeys = typeof pageKeys
export type KeyPlace = keyof PageKeys

/** What a key does, with where: `gallery.bin`. */
export type KeyWord = { [P in KeyPlace]: `${P}.${keyof PageKeys[P] & string}` }[KeyPlace]

/** All that keys do, place by place, each with the key that is named first. */
export const listedKeys: ReadonlyMap<KeyPlace, readonly { word: KeyWord; key: string }[]> = new Map(
  Object.entries(pageKeys).map(([place, acts]) => [
    place as KeyPlace, // `Object.entries` forgets which names there are
    Object.entries<readonly string[]>(acts).map(([act, [key = '']]) => ({ word: `${place}.${act}` as KeyWord, key })),
  ]),
)

/** What keys do somewhere; what is left out they do not do now. */
export type KeyActs<P extends KeyPlace> = { [A in keyof PageKeys[P]]?: () => void }

type Pressed = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>

/** A key as the table writes it. Shift is told with Ctrl alone: elsewhere it is in the character. */
function nameOf({ key, ctrlKey, metaKey, shiftKey }: Pressed): string {
  const name = key === ' ' ? 'Space' : key.length === 1 ? key.toUpperCase() : key
  if (!ctrlKey && !metaKey) return name
  return shiftKey ? `Ctrl+Shift+${name}` : `Ctrl+${name}`
}

/** What a key does somewhere; undefined: nothing. */
export function actFor<P extends KeyPlace>(place: P, event: Pressed, acts: KeyActs<P>): (() => void) | undefined {
  if (event.altKey) return undefined
  const name = nameOf(event)
  const listed: Record<string, readonly string[]> = pageKeys[place]
  const all: Record<string, (() => void) | undefined> = acts
  const found = Object.keys(listed).find((act) => listed[act]?.includes(name))
  return found === undefined ? undefined : all[found]
}

/** What takes all keys for itself, and what takes Space. */
const taking =
  'input, textarea, select, video, [contenteditable], [role="listbox"], [role="menu"], [role="radiogroup"], [role="slider"]'
const pressed = `${taking}, button, a, summary`

/** Whether a key is somebody else's: of what is typed into or pressed, of a dialog, or of G and a letter. */
const isElsewhere = ({ target, key, timeStamp }: KeyboardEvent, dialogs: number) =>
  isGoing(timeStamp) ||
  document.querySelectorAll('[role="dialog"]').length > dialogs ||
  (target instanceof HTMLElement && target.closest(key === ' ' ? pressed : taking) !== null)

/**
 * Does what the table says for a place, while nobody types and no dialog is open; these keys come before those of the whole
 * panel. `within`: so many dialogs are its own.
 */
export function usePageKeys<P extends KeyPlace>(place: P, acts: KeyActs<P>, within = 0): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (isElsewhere(event, within)) return
    const act = actFor(place, event, acts)
    if (!act) return
    event.preventDefault()
    event.stopPropagation()
    act()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    // Captured at the window, as dialogs do it, and before them: so it sees a dialog that this very key closes.
    addEventListener('keydown', listen, { capture: true })
    return () => removeEventListener('keydown', listen, { capture: true })
  }, [])
}
