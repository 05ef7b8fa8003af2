import { element } from './element'
import type { Language } from './pages'
import type { Words } from './words'

import type { createSearch, Found } from './search'

type Search = Awaited<ReturnType<typeof createSearch>>

/** One finding, as a link to it. */
const found = ({ page, id, title, excerpt }: Found, language: Language, words: Words) =>
  element(
    'li',
    {},
    element(
      'a',
      { href: `/docs/${language}/${page}${id === '' ? '' : `#${id}`}` },
      element('b', {}, title),
      element('span', { class: 'page' }, words.pageNames[page]),
      element('span', {}, excerpt),
    ),
  )

/** The search field with what it finds below it. All pages are read when it is used first. */
export function searchBox(language: Language, words: Words): HTMLElement {
  let search: Promise<Search> | null = null
  const input = element('input', { type: 'search', 'aria-label': words.search, placeholder: words.search })
  const list = element('ul', { 'aria-label': words.results, class: 'results' })
  const status = element('p', { role: 'status', class: 'status' })
  const box = element('div', { class: 'search', role: 'search' }, input, list, status)
  const load = () => (search ??= import('./search').then(({ createSearch: create }) => create(language)))

  async function show() {
    const query = input.value.trim()
    if (query === '') {
      list.replaceChildren()
      status.textContent = ''
      return
    }
    try {
      const all = (await load())(query)
      // Somebody typed on meanwhile: the newer question is answered.
      if (query !== input.value.trim()) return
      list.replaceChildren(...all.map((each) => found(each, language, words)))
      status.textContent = all.length === 0 ? words.none.replace('{{query}}', query) : ''
    } catch {
      search = null
      status.textContent = words.failed
    }
  }

  const close = () => {
    input.value = ''
    list.replaceChildren()
    status.textContent = ''
  }
  input.addEventListener('input', () => void show())
  list.addEventListener('click', close)
  box.addEventListener('keydown', (event) => {
    const links = [...list.querySelectorAll('a')]
    const at = links.findIndex((link) => link === document.activeElement)
    if (event.key === 'Escape') {
      close()
      input.focus()
    } else if (event.key === 'ArrowDown' && links.length > 0) links[Math.min(at + 1, links.length - 1)]?.focus()
    else if (event.key === 'ArrowUp' && at >= 0) (links[at - 1] ?? input).focus()
    else return
    event.preventDefault()
  })
  return box
}
