import type { Generation } from './contract'
import { mediaOf } from './media'

/** Windows gives these names to devices, whatever ending follows, in every folder. */
const reserved = /^(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(?:\.|$)/i

/** No file system takes longer names than 255 units; some keep them as UTF-8, and an ending and a number must fit. */
const longestName = 200
/** Of a prompt so much goes into a name: in characters, and in bytes where each is several. */
const longestSlug = { characters: 48, bytes: 120 }

const bytesOf = (text: string) => new TextEncoder().encode(text).length

/** The beginning of a text that fits into so many bytes, in whole characters. */
function beginningOf(text: string, mostBytes: number): string {
  let kept = ''
  let left = mostBytes
  for (const character of text) {
    left -= bytesOf(character)
    if (left < 0) break
    kept += character
  }
  return kept
}

/** What a prompt is about, in a line: its first clause, or its first words where that is long. */
export function titleOf(prompt: string, most = 80): string {
  const clause = (prompt.trim().split(/[\r\n,;:.!?،。、，；：！？]/u, 1)[0] ?? '').trim()
  const whole = clause === '' ? prompt.trim() : clause
  const characters = Array.from(whole)
  if (characters.length <= most) return whole
  const cut = characters.slice(0, most).join('')
  const space = cut.lastIndexOf(' ')
  return `${space > most / 2 ? cut.slice(0, space) : cut}…`
}

/**
 * The first clause of a text as a part of a file name: small letters, digits and marks of any script, joined by hyphens.
 * Empty where it has none of them.
 */
export function slugOf(text: string): string {
  const words = titleOf(text, 200)
    .normalize('NFKC')
    .toLowerCase()
    // Joiners stand within words of some scripts and are not seen.
    .replace(/\u200c|\u200d|\u00ad|’|'/gu, '')
    .split(/[^\p{L}\p{N}\p{M}]+/u)
    .filter(Boolean)
  const { characters, bytes } = longestSlug
  let slug = ''
  for (const word of words) {
    const next = slug === '' ? word : `${slug}-${word}`
    if (Array.from(next).length > characters || bytesOf(next) > bytes) break
    slug = next
  }
  // A script without spaces is one long word.
  return slug === ''
    ? beginningOf(
        Array.from(words[0] ?? '')
          .slice(0, characters)
          .join(''),
        bytes,
      )
    : slug
}

/** The local day of a moment (Unix ms), as it stands at the head of a file's name. */
function dayOf(at: number): string {
  const date = new Date(at)
  const two = (n: number) => String(n).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

/**
 * The name under which an image is saved, e.g. `2026-11-29_lighthouse-at-dusk_comfyui-qwen_seed42.png`: the day, what
 * the prompt is about, service and seed, and its number where there are several. It is safe on every file system.
 */
export function imageFileName(
  {
    createdAt,
    params,
    serviceId,
    images,
    id,
  }: Pick<Generation, 'createdAt' | 'params' | 'serviceId' | 'images' | 'id'>,
  index: number,
): string {
  const seed = params.seed === undefined ? id.slice(0, 8) : `seed${params.seed}`
  const number = images.length > 1 ? String(index + 1) : ''
  const parts = [dayOf(createdAt), slugOf(params.prompt), serviceId, seed, number].filter((part) => part !== '')
  return `${parts.join('_')}.${mediaOf(images[index]?.mime ?? 'image/png').ending}`
}

/** The name of an archive of several images, e.g. `regie_2026-11-29_12-images.zip`. */
export const archiveFileName = (at: number, count: number): string => `regie_${dayOf(at)}_${count}-images.zip`

/**
 * A name that a person gave, as a file's name that every system takes: without separators and control characters,
 * devices' names of Windows, and dots and spaces at its end. `ending` comes with its dot.
 */
export function safeFileName(name: string, ending: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}<>:"/\\|?*]+/gu, ' ')
    .replace(/\s+/gu, ' ')
    .trim()
  const cut = beginningOf(plain, longestName)
    .replace(/^[. ]+|[. ]+$/g, '')
    .trim()
  const named = cut === '' ? 'untitled' : cut
  return `${reserved.test(named) ? `_${named}` : named}${ending}`
}

/** The same names, each once: the second of two gets a number before its ending. Letters' case tells nothing apart. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>()
  // Where the search for a free number begins: of thousands of equal names none tries all before it again.
  const nextOf = new Map<string, number>()
  return names.map((name) => {
    const dot = name.lastIndexOf('.')
    const [stem, ending] = dot < 1 ? [name, ''] : [name.slice(0, dot), name.slice(dot)]
    let free = name
    let n = nextOf.get(name.toLowerCase()) ?? 2
    for (; taken.has(free.toLowerCase()); n += 1) free = `${stem}_(${n})${ending}`
    nextOf.set(name.toLowerCase(), n)
    taken.add(free.toLowerCase())
    return free
  })
}
