import { Problem } from '../../../../shared/problems'

/** Arguments that name a folder of the service's machine, as the units of ControlNet have them. */
const namesPlace = /(?:^|_)(?:dir|directory|folder|path)s?$/i
/** What Forge has written, or somebody gave: ControlNet opens a text that is a path, and pictures in base64 hold no dot. */
const isPicture = /\.(?:png|jpe?g|jfif|webp|gif|bmp|tiff?|avif|heic|jxl|tga|mp4|webm)[. ]*(?::.*)?$/is
const isWhole = /^(?:[a-z]:[\\/]|[\\/])/i
/** Longer texts are pictures in base64, which may begin with a slash. */
const longest = 1_000

/** Where people write what they like. */
const words = /prompt/i

const isPath = (text: string) => text.length <= longest && (isPicture.test(text) || isWhole.test(text))

/**
 * Refuses a job that names a file or a folder of the service's machine in the arguments of its scripts: others' pictures lie
 * there. Throws `gateway.not-your-file`.
 */
export function checkPlaces(job: unknown): void {
  const left: [string, unknown][] = [['', job]]
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const [name, value] = next
    if (typeof value === 'string') {
      if (!words.test(name) && (isPath(value) || (value !== '' && namesPlace.test(name))))
        throw new Problem('gateway.not-your-file', { name: value.slice(0, 200) })
    } else if (Array.isArray(value)) for (const inner of value) left.push([name, inner])
    else if (typeof value === 'object' && value !== null) left.push(...Object.entries(value))
  }
}
