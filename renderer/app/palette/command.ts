import type { Icon } from '@tabler/icons-react'

/** Something that the palette can do. */
export interface Command {
  id: string
  icon: Icon
  label: string
  /** What it will cost or change, where it is, or what it is set to, in grey. */
  hint?: string
  /** What it is also found by. */
  words?: string
  /** A small picture in place of the icon. */
  image?: string
  keys?: string[]
  admin?: boolean
  run: () => void
}

/** Goes to an address of the page. */
export const go = (href: string) => () => {
  location.hash = href
}

/** Opens an address of its own beside the page. */
export const openInTab = (url: string) => () => void window.open(url, '_blank', 'noreferrer')
