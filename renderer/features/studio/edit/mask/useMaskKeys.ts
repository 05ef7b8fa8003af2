import { useEffect, useEffectEvent } from 'react'
import type { MaskEditor } from './editor'

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('input, textarea, [contenteditable], [role="listbox"]') !== null

/** By how much a key changes the brush. */
const sizeStep = 1.2

function keyOf({ key, ctrlKey, metaKey, shiftKey }: KeyboardEvent, editor: MaskEditor): (() => void) | undefined {
  const { size } = editor.state()
  if (ctrlKey || metaKey) {
    switch (key.toLowerCase()) {
      case 'z':
        return shiftKey ? editor.redo : editor.undo
      case 'y':
        return editor.redo
      default:
        return undefined
    }
  }
  switch (key.toLowerCase()) {
    case 'b':
      return () => editor.set({ tool: 'brush' })
    case 'e':
      return () => editor.set({ tool: 'eraser' })
    case 'l':
      return () => editor.set({ tool: 'lasso' })
    case 'i':
      return editor.invert
    case '[':
      return () => editor.set({ size: Math.floor(size / sizeStep) })
    case ']':
      return () => editor.set({ size: Math.ceil(size * sizeStep) })
    default:
      return undefined
  }
}

/** B, E and L choose a tool, [ and ] its size, I inverts, Ctrl Z undoes: anywhere on the page but where one types. */
export function useMaskKeys(editor: MaskEditor): void {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.altKey || isTyping(event.target) || document.querySelector('[role="dialog"]') !== null) return
    const act = keyOf(event, editor)
    if (!act) return
    event.preventDefault()
    act()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}
