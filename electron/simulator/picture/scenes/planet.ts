import { cover, hsl, solid, type Rgb, type Shade } from '../canvas'
import { ridge, stars, veil, wash, type Painter, type Stage } from '../stage'

interface Globe {
  x: number
  y: number
  radius: number
  tilt: number
  hue: number
}

/** The ring's plane, seen at a slant: only the half behind the globe, or only the one before it. */
function ring({ noise }: Stage, { x, y, radius, tilt, hue }: Globe, front: boolean): Shade {
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)]
  const color: Rgb = hsl(hue + 34, 40, 66)
  return (px, py, out) => {
    const u = ((px - x) * cos + (py - y) * sin) / radius
    const v = ((py - y) * cos - (px - x) * sin) / radius
    const distance = Math.hypot(u, v / 0.235)
    if (v > 0 !== front || distance < 1.3 || distance > 2.06) {
      out[3] = 0
      return
    }
    const t = (distance - 1.3) / 0.76
    const edge = Math.min(1, t * 24, (1 - t) * 24)
    const gap = 1 - 0.92 * Math.exp(-(((t - 0.57) / 0.032) ** 2))
    // The globe throws its shadow on the far half.
    const shadow = front ? 1 : 1 - 0.8 * Math.exp(-(((Math.atan2(v / 0.235, u) + 0.62) / 0.34) ** 2))
    const grain = noise(distance * 19, 3, 4)
    for (let c = 0; c < 3; c++) out[c] = (color[c] ?? 0) * (0.72 + grain * 0.62) * shadow
    out[3] = edge * gap * Math.min(1, 0.12 + grain * 1.3)
  }
}

/** Bands of cloud on a sphere, lit from the upper left. */
function surface({ noise }: Stage, { x, y, radius, tilt, hue }: Globe): Shade {
  const [cos, sin] = [Math.cos(tilt), Math.sin(tilt)]
  const bands = Array.from({ length: 64 }, (_, i) =>
    hsl(hue + noise(i * 0.31 + 9, 2, 3) * 80 - 20, 46, 26 + noise(i * 0.47, 5, 4) * 56),
  )
  return (px, py, out) => {
    const [dx, dy] = [(px - x) / radius, (py - y) / radius]
    const square = dx * dx + dy * dy
    const z = Math.sqrt(Math.max(0, 1 - square))
    const u = dx * cos + dy * sin
    const v = dy * cos - dx * sin
    const swirl = noise(u * 2.4 + 4 + z, v * 7 + 3, 4) - 0.47
    const latitude = Math.max(0, Math.min(62.99, (v * 0.5 + 0.5 + swirl * 0.055) * 63))
    const [a, b] = [bands[latitude | 0], bands[(latitude | 0) + 1]]
    const k = latitude % 1
    const light = Math.max(0, -dx * 0.56 - dy * 0.5 + z * 0.66)
    const lit = 0.025 + light ** 0.85 * 1.12
    const rim = (1 - z) ** 3 * Math.max(0, -dx - dy) * 70
    for (let c = 0; c < 3; c++) out[c] = ((a?.[c] ?? 0) + ((b?.[c] ?? 0) - (a?.[c] ?? 0)) * k) * lit + rim
    out[3] = Math.max(0, Math.min(1, (1 - Math.sqrt(square)) * radius + 0.5))
  }
}

/** A ringed giant over a rocky moon. */
export const planet: Painter = function* (stage) {
  const { canvas, w, h, u, random } = stage
  const hue = random() * 360
  wash(stage, [
    [0, hsl(hue + 200, 45, 5)],
    [1, hsl(hue + 170, 42, 12)],
  ])
  yield
  veil(stage, { color: hsl(hue + 190, 60, 52), scale: [3, 3], opacity: (v) => Math.max(0, v - 0.42) * 1.3 })
  yield
  veil(stage, {
    color: hsl(hue + 120, 60, 60),
    scale: [4, 4],
    opacity: (v, x, y) => Math.max(0, v - 0.5) * 2 * (1 - Math.abs(x - y)),
  })
  yield
  stars(stage, Math.ceil(280 * ((w * h) / (u * u))), h, (brightness) => solid([255, 255, 255], brightness * 0.9))
  yield
  const globe: Globe = {
    x: w * 0.55,
    y: h * 0.46,
    radius: u * (0.24 + random() * 0.05),
    tilt: -0.25 - random() * 0.3,
    hue,
  }
  const { x, y, radius } = globe
  const far = radius * 2.1
  cover(canvas, ring(stage, globe, false), [x - far, y - far, x + far, y + far])
  yield
  cover(canvas, surface(stage, globe), [x - radius - 1, y - radius - 1, x + radius + 1, y + radius + 1])
  yield
  cover(canvas, ring(stage, globe, true), [x - far, y - far, x + far, y + far])
  yield
  const moon = { x: w * 0.2, y: h * 0.2, radius: u * 0.045, tilt: 0.2, hue: hue + 160 }
  cover(canvas, surface(stage, moon), [
    moon.x - moon.radius,
    moon.y - moon.radius,
    moon.x + moon.radius,
    moon.y + moon.radius,
  ])
  ridge(
    stage,
    { base: h * 0.98, height: u * 0.22, frequency: 2.4, offset: random() * 40, sharpness: 1.6 },
    solid(hsl(hue + 190, 26, 9)),
  )
  yield
  ridge(
    stage,
    { base: h * 1.03, height: u * 0.18, frequency: 3.6, offset: random() * 40, sharpness: 1.4 },
    solid(hsl(hue + 190, 28, 4)),
  )
}
