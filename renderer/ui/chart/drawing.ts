import type uPlot from 'uplot'

/** The value of one of the theme's tokens now. */
export const read = (token: string) => getComputedStyle(document.documentElement).getPropertyValue(token).trim()

/** A faint fill below a line of this colour. */
export function fillOf(stroke: () => string) {
  return (plot: uPlot) => {
    const gradient = plot.ctx.createLinearGradient(0, plot.bbox.top, 0, plot.bbox.top + plot.bbox.height)
    gradient.addColorStop(0, `${stroke()}38`)
    gradient.addColorStop(1, `${stroke()}08`)
    return gradient
  }
}

/** Broken lines through the whole chart at these places, in px of the canvas. */
export function drawMarks({ ctx, bbox }: uPlot, places: readonly number[]): void {
  const scale = window.devicePixelRatio
  ctx.save()
  ctx.strokeStyle = read('--bad')
  ctx.lineWidth = scale
  ctx.setLineDash([3 * scale, 3 * scale])
  for (const place of places) {
    const x = Math.round(place)
    ctx.beginPath()
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x, bbox.top + bbox.height)
    ctx.stroke()
  }
  ctx.restore()
}

/** Hatches what lies between two places, in px of the canvas. */
export function hatch({ ctx, bbox }: uPlot, from: number, to: number): void {
  const left = Math.max(from, bbox.left)
  const width = Math.min(to, bbox.left + bbox.width) - left
  if (!(width > 0)) return
  const scale = window.devicePixelRatio
  ctx.save()
  ctx.beginPath()
  ctx.rect(left, bbox.top, width, bbox.height)
  ctx.clip()
  ctx.strokeStyle = read('--text-3')
  ctx.globalAlpha = 0.45
  ctx.lineWidth = scale
  ctx.beginPath()
  for (let x = left - bbox.height; x < left + width; x += 7 * scale) {
    ctx.moveTo(x, bbox.top)
    ctx.lineTo(x + bbox.height, bbox.top + bbox.height)
  }
  ctx.stroke()
  ctx.restore()
}
