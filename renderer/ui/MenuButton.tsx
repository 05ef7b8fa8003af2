import { cloneElement, Suspense, useRef, useState, type MouseEvent, type ReactElement } from 'react'
import type { MenuEntry } from './menu-entry'
import c from './MenuButton.module.css'
import { lazyPart } from './parts'

const MenuBox = lazyPart(() => import('./MenuBox'))

export interface Pressed {
  onClick?: (event: MouseEvent<HTMLElement>) => void
  'aria-haspopup'?: 'menu'
  'aria-expanded'?: boolean
}

interface MenuButtonProps {
  /** The button. */
  children: ReactElement<Pressed>
  /** Asked when the menu is open. */
  entries: () => readonly MenuEntry[]
  /** On which side of the button it opens. */
  side?: 'start' | 'end'
  /** It was made because its menu is wanted. */
  opensAtOnce?: boolean
}

/** A button with a menu. Many rows have one: what draws it is fetched and made when it is first opened. */
export function MenuButton({ children, entries, side = 'end', opensAtOnce = false }: MenuButtonProps) {
  const [state, setState] = useState<'untouched' | 'open' | 'closed'>(opensAtOnce ? 'open' : 'untouched')
  const wrapper = useRef<HTMLSpanElement>(null)
  const close = () => {
    setState('closed')
    wrapper.current?.querySelector('button')?.focus()
  }
  return (
    <span className={c.wrapper} ref={wrapper}>
      {cloneElement(children, {
        onClick: (event) => {
          event.stopPropagation()
          setState(state === 'open' ? 'closed' : 'open')
        },
        'aria-haspopup': 'menu',
        'aria-expanded': state === 'open',
      })}
      {state !== 'untouched' && (
        <Suspense>
          <MenuBox isOpen={state === 'open'} onClose={close} entries={entries} side={side} />
        </Suspense>
      )}
    </span>
  )
}
