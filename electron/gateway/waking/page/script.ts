import { againHeader } from '../../again'

/**
 * What the waking page does where scripts run: it asks for itself anew, and puts what differs in the place of what was
 * there. So nothing is loaded anew under whoever reads or listens to it, and the focus stays where it was. What is answered
 * by anything else is opened. While nothing answers it goes on asking: Regie itself may be starting.
 */
export const scriptOf = (everyS: number): string => `'use strict'
const main = () => document.querySelector('main')
const show = (next) => {
  document.title = next.title
  const newer = next.querySelector('main')
  if (main().dataset.is !== newer.dataset.is) {
    const hadFocus = main().contains(document.activeElement)
    main().replaceWith(document.adoptNode(newer))
    if (hadFocus) document.querySelector('h1').focus()
    return
  }
  for (const part of newer.querySelectorAll('[data-part]')) {
    const there = main().querySelector('[data-part="' + part.dataset.part + '"]')
    if (there.innerHTML !== part.innerHTML) there.replaceChildren(...document.adoptNode(part).childNodes)
  }
}
const ask = async () => {
  try {
    const answer = await fetch(location.origin + location.pathname + location.search, {
      headers: { '${againHeader}': 'page' },
      cache: 'no-store',
      redirect: 'manual',
    })
    const is = answer.headers.get('${againHeader}')
    if (is !== 'coming' && is !== 'refused') return location.reload()
    show(new DOMParser().parseFromString(await answer.text(), 'text/html'))
    if (is === 'refused') return
  } catch {}
  setTimeout(ask, ${everyS * 1000})
}
setTimeout(ask, ${everyS * 1000})`
