import { usePageKeys } from '../../../../ui/page-keys'
import type { MaskEditor } from './editor'

/** By how much a key changes the brush. */
const sizeStep = 1.2

/** The tools of the mask and their size, and what undoes, by keys: anywhere on the page but where one types. */
export function useMaskKeys(editor: MaskEditor): void {
  const by = (factor: number) => editor.state().size * factor
  usePageKeys('mask', {
    brush: () => editor.set({ tool: 'brush' }),
    eraser: () => editor.set({ tool: 'eraser' }),
    lasso: () => editor.set({ tool: 'lasso' }),
    invert: editor.invert,
    smaller: () => editor.set({ size: Math.floor(by(1 / sizeStep)) }),
    larger: () => editor.set({ size: Math.ceil(by(sizeStep)) }),
    undo: editor.undo,
    redo: editor.redo,
  })
}
