const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

/** A text as it stands in XML. */
export const xmlText = (text: string): string => text.replaceAll(/[&<>"]/g, (character) => entities[character] ?? '')
