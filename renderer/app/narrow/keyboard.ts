/** An on-screen keyboard takes more than this of the height, in CSS px; a browser's own bars take less. */
const keyboardMin = 120

const isTyping = (element: Element | null) =>
  element instanceof HTMLElement && (element.isContentEditable || /^(?:INPUT|TEXTAREA)$/.test(element.tagName))

/** The height that a keyboard leaves, however far somebody has zoomed in by pinching; null while there is none. */
function leftByKeyboard(view: VisualViewport): number | null {
  if (!isTyping(document.activeElement)) return null
  const left = Math.round(view.height * view.scale)
  return innerHeight - left > keyboardMin ? left : null
}

/**
 * While an on-screen keyboard lies over the page, the root element has `data-keyboard`, and `--visible-height` is what
 * the keyboard leaves: what stands at the foot goes away or moves above it. Returns the way to end that.
 */
export function followKeyboard(view: VisualViewport | null = visualViewport): () => void {
  if (!view) return () => undefined
  const root = document.documentElement
  const tell = () => {
    const left = leftByKeyboard(view)
    root.toggleAttribute('data-keyboard', left !== null)
    if (left === null) root.style.removeProperty('--visible-height')
    else root.style.setProperty('--visible-height', `${left}px`)
  }
  view.addEventListener('resize', tell)
  addEventListener('focusin', tell)
  addEventListener('focusout', tell)
  return () => {
    view.removeEventListener('resize', tell)
    removeEventListener('focusin', tell)
    removeEventListener('focusout', tell)
    root.removeAttribute('data-keyboard')
    root.style.removeProperty('--visible-height')
  }
}
