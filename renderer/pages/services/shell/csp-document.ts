/**
 * xterm.js makes style elements and writes style attributes, both of which the content security policy refuses. It takes
 * the document to work with as an option: this one gives its style elements the page's nonce, and writes attributes by
 * way of the style object, which the policy allows.
 */
export function cspDocument(nonce: string): Document {
  const adapt = (element: HTMLElement): HTMLElement => {
    if (element instanceof HTMLStyleElement) element.nonce = nonce
    else {
      const setAttribute = element.setAttribute.bind(element)
      element.setAttribute = (name, value) => {
        if (name === 'style') element.style.cssText = value
        else setAttribute(name, value)
      }
    }
    return element
  }
  return new Proxy(document, {
    get(target, name) {
      if (name === 'createElement')
        return (tag: string, options?: ElementCreationOptions) => adapt(target.createElement(tag, options))
      const value: unknown = Reflect.get(target, name, target)
      // The browser's own functions work on a real document only.
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
    set: (target, name, value) => Reflect.set(target, name, value, target),
  })
}
