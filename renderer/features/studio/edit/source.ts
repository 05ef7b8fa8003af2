import { useEffect, useState, useSyncExternalStore } from 'react'
import { inputUrl } from '../../../api/images'
import { currentForm, useStudio } from '../store'
import { readDraft, type Draft } from './mask/draft'
import { createMaskEditor, type EditorState, type MaskEditor } from './mask/editor'

/** The picture that is edited, and the mask over it. */
export interface ReadySource {
  state: 'ready'
  id: string
  width: number
  height: number
  editor: MaskEditor
}

export type Source = { state: 'none' } | { state: 'loading' | 'gone'; id: string } | ReadySource

/** Outlives the page, so that the mask is there when one comes back. */
let kept: ReadySource | null = null

/** The source as it stands, with its mask and its steps; call what is returned to have it back as it was. */
export function holdSource(): { hasMask: boolean; putBack: () => void } {
  const before = kept
  return {
    hasMask: before !== null && before.id === currentForm().edit.pictures[0] && before.editor.state().coverage > 0,
    putBack: () => (kept = before),
  }
}

const draftKey = 'regie.studio.mask'

// A mask is sent with a run; until then it would be lost with the window.
addEventListener('pagehide', () => {
  if (!kept || kept.id !== currentForm().edit.pictures[0]) return
  const draft: Draft = { source: kept.id, sent: currentForm().edit.mask, picture: kept.editor.draft() }
  try {
    localStorage.setItem(draftKey, JSON.stringify(draft))
  } catch {
    // A browser that keeps no more has at least the one that was sent.
    localStorage.removeItem(draftKey)
  }
})

const loadImage = (url: string): Promise<HTMLImageElement> =>
  new Promise((resolve, reject) => {
    const image = new Image()
    image.addEventListener('load', () => resolve(image))
    image.addEventListener('error', () => reject(new Error('no picture')))
    image.src = url
  })

/** Loads a source, with the mask as it was when the window was closed, else with the one that was sent with it. */
async function open(id: string, mask: string | null): Promise<ReadySource> {
  if (kept?.id === id) return kept
  const { naturalWidth: width, naturalHeight: height } = await loadImage(inputUrl(id))
  const editor = createMaskEditor({ width, height })
  // A mask that is gone is painted anew: nothing else depends on it.
  const draft = readDraft(localStorage.getItem(draftKey), { source: id, sent: mask })
  // From now on the editor has it; a source that comes again later begins without a mask.
  localStorage.removeItem(draftKey)
  const painted = draft ? draft.picture : mask === null ? null : inputUrl(mask)
  if (painted !== null) await loadImage(painted).then(editor.load, () => undefined)
  kept = { state: 'ready', id, width, height, editor }
  return kept
}

/** The source that the form names, once it is loaded. */
export function useSource(): Source {
  const { pictures, mask } = useStudio().form.edit
  const [id] = pictures
  const [found, setFound] = useState<Source>(() => (kept !== null && kept.id === id ? kept : { state: 'none' }))
  useEffect(() => {
    if (id === undefined) return
    let isGone = false
    open(id, mask).then(
      (source) => !isGone && setFound(source),
      () => !isGone && setFound({ state: 'gone', id }),
    )
    return () => {
      isGone = true
    }
    // The mask is read once, when its source is opened.
    // oxlint-disable-next-line react/exhaustive-deps
  }, [id])
  if (id === undefined) return { state: 'none' }
  return found.state !== 'none' && found.id === id ? found : { state: 'loading', id }
}

const nothing: EditorState = {
  ...{ tool: 'brush', size: 0, feather: 0, coverage: 0 },
  ...{ canUndo: false, canRedo: false },
}
const never = () => () => undefined

/** What the mask's controls show. */
export const useEditor = (editor: MaskEditor | null): EditorState =>
  useSyncExternalStore(editor?.subscribe ?? never, editor?.state ?? (() => nothing))
