import { isolatedText } from './plain-text'

/** A text with its values in their places, `{{name}}`, none of which turns what stands beside it; empty where one is missing. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => isolatedText(String(values[name] ?? '')))
