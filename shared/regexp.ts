/** A text as a pattern that matches it and nothing else, in a RegExp with any flags. */
export const escapeRegExp = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
