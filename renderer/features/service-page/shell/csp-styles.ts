const xhtml = 'http://www.w3.org/1999/xhtml'

/** Writes a style attribute by way of the style object, which the content security policy allows. */
function adaptAttributes(element: HTMLElement): void {
  const setAttribute = element.setAttribute.bind(element)
  element.setAttribute = (name, value) => {
    if (name === 'style') element.style.cssText = value
    else setAttribute(name, value)
  }
}

/**
 * xterm.js makes style elements, and writes style attributes on its spans; the content security policy refuses both. Its
 * option `documentOverride` reaches only some of its parts (6.0.0), so while a terminal is shown the document itself
 * gives style elements the page's nonce and adapts spans. Returns the way to undo it.
 */
export function allowTerminalStyles(nonce: string): () => void {
  const adapted = (tag: string, options?: ElementCreationOptions): Element => {
    // What `createElement` does in an HTML document.
    const element = document.createElementNS(xhtml, tag.toLowerCase(), options)
    if (element instanceof HTMLStyleElement) element.nonce = nonce
    else if (element instanceof HTMLSpanElement) adaptAttributes(element)
    return element
  }
  Object.defineProperty(document, 'createElement', { value: adapted, configurable: true })
  // The document's own property hides the browser's; without it that one is there again.
  return () => void Reflect.deleteProperty(document, 'createElement')
}
