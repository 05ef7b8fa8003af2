import { plainText } from '../../shared/plain-text'
import { betweenCharacters } from '../logs/cutting'
import type { Announcement } from './announcements'

/** Longest title and body, in UTF-16 units: systems cut what is longer, some in the middle of a character. */
const longest = { title: 120, body: 600 } as const

const cut = (text: string, most: number) => (text.length > most ? text.slice(0, betweenCharacters(text, most)) : text)

/** Desktops of Linux read a body as markup, and show none of one that is not well formed. */
const withoutMarkup = (text: string) => text.replaceAll('&', '＆').replaceAll('<', '‹').replaceAll('>', '›')

/** What a notification says, as the system takes it: whatever names stand in it are read as they are. */
export function notificationText({ title, body }: Announcement, platform: NodeJS.Platform): Announcement {
  const lines = body
    .split('\n')
    .map(plainText)
    .filter((line) => line !== '')
  const shown = { title: cut(plainText(title), longest.title), body: cut(lines.join('\n'), longest.body) }
  return platform === 'linux' ? { title: withoutMarkup(shown.title), body: withoutMarkup(shown.body) } : shown
}
