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
