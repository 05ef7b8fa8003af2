import { expect, type Page } from 'playwright/test'

/** In CSS px: what a finger needs, and a little less for chips, which stand apart. */
const target = { usual: 40, chip: 36 }

/**
 * What on the page as it is does not fit its window, in words: content that is wider than the page, a control that lies
 * outside and cannot be scrolled to, and one that is too small for a finger. Links within a sentence are of any size, and
 * what scrolls in a box of its own (a log, a table, tabs) is reached by that.
 */
const misfits = (page: Page): Promise<string[]> => page.evaluate(findMisfits, target)

/** A phone, 1440 × 900 at 200 %, and the narrowest that WCAG 1.4.10 asks for. */
export const narrow = {
  phone: { width: 390, height: 844 },
  zoomed: { width: 720, height: 450 },
  least: { width: 320, height: 640 },
} as const

type Size = keyof typeof narrow

const everySize: readonly Size[] = ['phone', 'zoomed', 'least']

/** The least window is the hardest; the others have their turn at night, and each page on a phone in every run. */
const usual: readonly Size[] = process.env['REGIE_TESTS'] === 'short' ? ['least'] : everySize

/** Looks whether what is shown fits narrow windows, and puts the window back. */
export async function expectFits(page: Page, what: string, sizes: readonly Size[] = usual): Promise<void> {
  const before = page.viewportSize()
  await expect(page.locator('main [role="status"][aria-label]'), 'what is still being loaded').toHaveCount(0)
  for (const size of sizes) {
    await page.setViewportSize(narrow[size])
    const { width, height } = narrow[size]
    // Asked again until it holds, for what is shown may still be on its way.
    await expect
      .configure({ soft: true })
      .poll(() => misfits(page), { message: `${what} at ${width} × ${height}`, timeout: 5_000 })
      .toEqual([])
  }
  if (before) await page.setViewportSize(before)
}

/** Runs in the page. */
function findMisfits(size: { usual: number; chip: number }): string[] {
  const controls =
    'a[href], button, input, select, textarea, summary, [role="button"], [role="tab"], [role="menuitem"], [role="option"]'
  const dialogs = [...document.querySelectorAll('[role="dialog"], [role="menu"]')]
  const root = dialogs.findLast((dialog) => dialog.getClientRects().length > 0) ?? document.body

  const called = (element: Element) => {
    const words = element.getAttribute('aria-label') ?? element.getAttribute('title') ?? element.textContent
    return `${element.tagName.toLowerCase()} “${words.trim().replaceAll(/\s+/g, ' ').slice(0, 60)}” (${element.className})`
  }
  const isScroller = (element: Element, axis: 'x' | 'y') =>
    ['auto', 'scroll'].includes(getComputedStyle(element)[axis === 'x' ? 'overflowX' : 'overflowY'])
  const clips = (element: Element, axis: 'x' | 'y') =>
    getComputedStyle(element)[axis === 'x' ? 'overflowX' : 'overflowY'] !== 'visible'

  /** Whether a control can be brought into the window, along one axis. */
  const isReached = (element: Element, axis: 'x' | 'y'): boolean => {
    const [from, to] = axis === 'x' ? (['left', 'right'] as const) : (['top', 'bottom'] as const)
    let box = element.getBoundingClientRect()
    for (let at = element.parentElement; at && at !== document.documentElement; at = at.parentElement) {
      if (!clips(at, axis)) continue
      const around = at.getBoundingClientRect()
      const isInside = box[from] >= around[from] - 1 && box[to] <= around[to] + 1
      if (isInside) continue
      // A long name may be cut at its end: enough of it is there.
      const seen = Math.min(box[to], around[to]) - Math.max(box[from], around[from])
      if (!isScroller(at, axis) && seen < Math.min(size.usual, box[to] - box[from]) - 1) return false
      box = around
    }
    return box[from] >= -1 && box[to] <= (axis === 'x' ? innerWidth : innerHeight) + 1
  }

  /** A native box or switch that is drawn by its label is as large as that. */
  const touched = (element: Element): Element => {
    if (!(element instanceof HTMLInputElement) || !['radio', 'checkbox'].includes(element.type)) return element
    return element.labels?.[0] ?? element
  }
  const isInline = (element: Element) => getComputedStyle(element).display.startsWith('inline')
  /** A link among words is as high as they are. */
  const isWithinText = (element: Element) => {
    if (getComputedStyle(element).display !== 'inline') return false
    let around = element
    while (isInline(around) && around.parentElement) around = around.parentElement
    return around.textContent.trim().length > element.textContent.trim().length + 2
  }
  /** Where a control is drawn: a box and its label are touched as one. */
  const boxOf = (element: Element): DOMRect => {
    const own = element.getBoundingClientRect()
    const field = element instanceof HTMLLabelElement ? element.control?.getBoundingClientRect() : undefined
    return { ...own.toJSON(), width: field ? own.right - Math.min(field.left, own.left) : own.width } as DOMRect
  }
  const extent = (element: Element, axis: 'x' | 'y') => boxOf(element)[axis === 'x' ? 'width' : 'height']
  /** Whether a touch as far as wanted still meets the control, which may reach further than it is drawn. */
  const reachOf = (element: Element, axis: 'x' | 'y', wanted: number): boolean => {
    const box = boxOf(element)
    const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
    const away = wanted / 2 - 1
    return [-away, away].every((by) => {
      const met = document.elementFromPoint(axis === 'x' ? x + by : x, axis === 'y' ? y + by : y)
      return met !== null && (element === met || element.contains(met) || met.closest('label, a, button') === element)
    })
  }

  const found: string[] = []
  if (document.documentElement.scrollWidth > innerWidth) found.push('the document scrolls sideways')
  const pages = [...root.querySelectorAll('main > *'), ...(root === document.body ? [] : [root])]
  for (const one of pages.filter((element) => isScroller(element, 'y') || root === element)) {
    if (one.scrollWidth <= one.clientWidth + 1) continue
    const right = one.getBoundingClientRect().right
    const wide = [...one.querySelectorAll('*')].filter(
      (element) => element.getBoundingClientRect().right > right + 1 && element.childElementCount === 0,
    )
    found.push(
      `wider than its page by ${one.scrollWidth - one.clientWidth}: ${wide.slice(0, 2).map(called).join('; ')}`,
    )
  }
  for (const control of root.querySelectorAll(controls)) {
    const element = touched(control)
    const isShown = element.getClientRects().length > 0 && element.checkVisibility({ visibilityProperty: true })
    if (!isShown || element.matches('[href="#content"], .xterm-helper-textarea') || element.closest('[inert]')) continue
    for (const axis of ['x', 'y'] as const) {
      if (!isReached(element, axis)) found.push(`out of reach (${axis}): ${called(element)}`)
    }
    const wanted = element.closest('[data-chips]') ? size.chip : size.usual
    const short = (['x', 'y'] as const).filter((axis) => extent(element, axis) < wanted - 0.5)
    if (short.length === 0 || isWithinText(element)) continue
    // Only what is drawn too small is looked for by touch, which needs it in sight: that lays the page out anew.
    element.scrollIntoView({ block: 'center', inline: 'center' })
    for (const axis of short) {
      if (reachOf(element, axis, wanted)) continue
      const { width, height } = element.getBoundingClientRect()
      found.push(`too small (${Math.round(width)} × ${Math.round(height)}): ${called(element)}`)
      break
    }
  }
  return found
}
