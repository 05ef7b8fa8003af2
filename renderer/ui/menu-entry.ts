import type { Icon } from '@tabler/icons-react'

/** One line of a menu: something to do, a place to go, a choice, or what parts and heads others. */
export type MenuEntry =
  | { type: 'divider'; key: string }
  | { type: 'head'; key: string; label: string }
  | {
      type: 'act'
      key: string
      label: string
      icon?: Icon
      /** What it does besides, in grey. */
      note?: string
      onClick: () => void
      isBad?: boolean
    }
  | { type: 'link'; key: string; label: string; icon?: Icon; href: string; opensWindow?: boolean }
  | { type: 'choice'; key: string; label: string; note?: string; isChosen: boolean; onClick: () => void }
