// Runs before everything else of the page and as it is: a script or stylesheet of the first load that did not arrive
// has nobody else to ask for it again. The page is loaded again, some times and ever later; then it says so.
;(() => {
  const key = 'regie-first-load'
  const delaysMs = [0, 1000, 3000]
  const words = {
    en: 'Regie could not be loaded. Check that it is running, then reload this page.',
    fr: 'Regie n’a pas pu être chargé. Vérifiez qu’il fonctionne, puis rechargez cette page.',
  }
  let isOver = false

  const tries = () => {
    try {
      return Number(sessionStorage.getItem(key) ?? 0)
    } catch {
      return delaysMs.length
    }
  }

  const giveUp = () => {
    const root = document.getElementById('root')
    if (!root) return
    root.setAttribute('role', 'alert')
    root.textContent = navigator.language.startsWith('fr') ? words.fr : words.en
  }

  const again = () => {
    if (isOver) return
    isOver = true
    const done = tries()
    if (done >= delaysMs.length) {
      if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', giveUp)
      else giveUp()
      return
    }
    sessionStorage.setItem(key, String(done + 1))
    setTimeout(() => location.reload(), delaysMs[done])
  }

  const onError = ({ target }) => {
    const isStyle = target instanceof HTMLLinkElement && target.rel === 'stylesheet'
    if (target === window || isStyle || target instanceof HTMLScriptElement) again()
  }
  addEventListener('error', onError, true)
  addEventListener('unhandledrejection', again)

  // From here on the page's own code looks after itself.
  document.addEventListener(
    'regie:started',
    () => {
      removeEventListener('error', onError, true)
      removeEventListener('unhandledrejection', again)
      if (!isOver) sessionStorage.removeItem(key)
    },
    { once: true },
  )
})()
