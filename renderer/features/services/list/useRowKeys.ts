import type { KeyboardEvent } from 'react'

/** What a row's own link carries, so that the arrows find it. */
export const rowLink = { 'data-row': '' } as const

/** The row that something stands in. */
export const rowOf = (target: EventTarget | null): HTMLElement | null =>
  target instanceof Element ? target.closest<HTMLElement>('[data-row-of]') : null

/** Arrows up and down lead from row to row, whatever in a row has the focus; Enter opens, for a row is a link. */
export function moveBetweenRows(event: KeyboardEvent<HTMLElement>): void {
  const { key } = event
  if ((key !== 'ArrowDown' && key !== 'ArrowUp') || event.altKey || event.ctrlKey || event.metaKey) return
  if (event.target instanceof HTMLElement && event.target.closest('[role="menu"], input:not([type="checkbox"])')) return
  const links = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-row]')]
  const at = links.findIndex((link) => rowOf(link)?.contains(document.activeElement))
  const next = links[key === 'ArrowDown' ? at + 1 : Math.max(0, at - 1)]
  if (!next) return
  event.preventDefault()
  next.focus()
}
