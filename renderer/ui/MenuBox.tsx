import { Menu } from '@mantine/core'
import { IconCheck } from '@tabler/icons-react'
import type { ComponentProps } from 'react'
import type { MenuEntry } from './menu-entry'
import c from './MenuButton.module.css'

interface MenuBoxProps {
  isOpen: boolean
  onClose: () => void
  entries: () => readonly MenuEntry[]
  side: 'start' | 'end'
}

function Line({ entry }: { entry: MenuEntry }) {
  switch (entry.type) {
    case 'divider':
      return <Menu.Divider />
    case 'head':
      return <Menu.Label>{entry.label}</Menu.Label>
    case 'link': {
      const { icon: I, href, opensWindow, label } = entry
      return (
        <Menu.Item
          component="a"
          href={href}
          {...(opensWindow === true && { target: '_blank', rel: 'noreferrer' })}
          leftSection={I && <I size={15} stroke={1.6} />}
        >
          {label}
        </Menu.Item>
      )
    }
    case 'choice':
      return (
        <Menu.Item
          // A role of its own is not taken as a property: every item of Mantine's is a plain one.
          renderRoot={(props: ComponentProps<'button'>) => (
            <button {...props} type="button" role="menuitemradio" aria-checked={entry.isChosen} />
          )}
          leftSection={<IconCheck size={15} stroke={2} className={entry.isChosen ? undefined : c.unchosen} />}
          rightSection={entry.note && <span className={c.note}>{entry.note}</span>}
          onClick={entry.onClick}
        >
          {entry.label}
        </Menu.Item>
      )
    case 'act': {
      const { icon: I, label, note, onClick, isBad } = entry
      return (
        <Menu.Item
          leftSection={I && <I size={15} stroke={1.6} />}
          rightSection={note && <span className={c.note}>{note}</span>}
          onClick={onClick}
          {...(isBad === true && { className: c.bad })}
        >
          {label}
        </Menu.Item>
      )
    }
  }
}

/** What opens from a `MenuButton`: beside the button that is its neighbour. */
export default function MenuBox({ isOpen, onClose, entries, side }: MenuBoxProps) {
  return (
    <Menu
      opened={isOpen}
      onChange={(opened) => !opened && onClose()}
      position={side === 'end' ? 'bottom-end' : 'bottom-start'}
    >
      <Menu.Target>
        {/* The button beside it is what people and their programs press. */}
        <span className={c.anchor} aria-hidden />
      </Menu.Target>
      <Menu.Dropdown>{isOpen && entries().map((entry) => <Line key={entry.key} entry={entry} />)}</Menu.Dropdown>
    </Menu>
  )
}
