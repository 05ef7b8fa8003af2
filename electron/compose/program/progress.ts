import type { OperationStep } from '../../../shared/contract'

/** How far a program has got, read from the lines that it prints. */
export interface ProgressReader {
  /** The step that the line tells of; `null` when it tells of none. */
  read(line: string): OperationStep | null
}

const ends = new Set([
  ...['created', 'started', 'running', 'stopped', 'removed', 'recreated', 'pulled', 'built', 'healthy', 'exited'],
  ...['skipped', 'done', 'killed'],
])

/** `image x Pulling`: Compose 2.35 and later name the image; before that the service stood there alone. */
const second =
  /^\s*(?<kind>Container|Network|Volume|Image|Service) (?<name>\S.*?)\s{1,2}(?<word>[A-Z][a-z]+)\b(?<rest>.*)$/
const pulling = /^ (?<name>\S+) (?<word>Pulling|Pulled|Error|Warning|Skipped|Interrupted|Building|Built)\b(?<rest>.*)$/
const layer =
  /^ (?<id>[0-9a-f]{12}) (?<word>Pulling fs layer|Waiting|Downloading|Verifying Checksum|Download complete|Extracting|Pull complete|Already exists)\b(?<rest>.*)$/

const first =
  /^(?<word>Creating|Recreating|Starting|Stopping|Removing|Restarting|Killing|Pulling|Building) (?<name>\S+)\s*\.\.\.\s*(?<end>.*)$/
const firstPull = /^Pulling (?<name>\S+) \((?<image>.+)\)\.\.\.$/
const firstNetwork = /^(?<word>Creating|Removing) (?<kind>network|volume) "?(?<name>[^"\s]+)"?/
const upToDate = /^(?<name>\S+) is up-to-date$/

/** BuildKit's plain progress: `#7 [web 2/3] RUN make`, `#7 1.52 its output`, `#7 DONE 3.1s`. */
const ofBuild = /^#(?<no>\d+) (?<rest>.*)$/
const buildEnd = /^(?<word>DONE|CACHED|ERROR|CANCELED)\b(?<rest>.*)$/
/** What is worth a step of its own: a line of a Dockerfile, or what is done with the result. */
const buildTitle = /^(?:\[(?![^\]]*\binternal\])[^\]]+\] .*|exporting to image)$/
/** The builder before: `Step 2/3 : RUN make`. */
const classicStep = /^Step (?<no>\d+)\/(?<of>\d+) : (?<rest>.*)$/

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1)

interface Layers {
  of: string
  done: Set<string>
  seen: Set<string>
}

const step = (title: string, state: OperationStep['state'], detail: string): OperationStep => ({
  id: title,
  title,
  state,
  detail: detail.trim() === '' ? null : detail.trim(),
})

/** Compose 2's pulls: an image, then its layers. */
function createPulls() {
  let layers: Layers | null = null
  return {
    image(match: RegExpExecArray): OperationStep {
      const { name = '', word = '', rest = '' } = match.groups ?? {}
      if (word === 'Pulling') layers = { of: name, done: new Set(), seen: new Set() }
      const isRunning = word.endsWith('ing') && word !== 'Warning'
      // A service that can be built goes on with that.
      const state = word === 'Error' || word === 'Interrupted' ? 'failed' : isRunning ? 'running' : 'done'
      return step(`Image ${name}`, state, `${word}${rest}`)
    },
    layer(match: RegExpExecArray): OperationStep | null {
      const { id = '', word = '', rest = '' } = match.groups ?? {}
      if (!layers) return null
      layers.seen.add(id)
      if (word === 'Pull complete' || word === 'Already exists') layers.done.add(id)
      // `[==>   ]  3.2MB/104MB`: the bar says no more than the numbers.
      const amount = rest.replace(/\[[=> ]*\]/, '').trim()
      const detail = `${layers.done.size}/${layers.seen.size} · ${word}${amount === '' ? '' : ` ${amount}`}`
      return step(`Image ${layers.of}`, 'running', detail)
    },
  }
}

/** The builder of today: `#7 …`. */
function createBuild() {
  /** Titles of a build's steps, by their numbers. */
  const built = new Map<string, string>()
  return (match: RegExpExecArray): OperationStep | null => {
    const { no = '', rest = '' } = match.groups ?? {}
    if (buildTitle.test(rest)) built.set(no, rest)
    const title = built.get(no)
    if (title === undefined) return null
    const end = buildEnd.exec(rest)?.groups
    if (!end) return step(title, 'running', rest === title ? '' : rest.replace(/^\d+\.\d+ /, ''))
    const { word = '', rest: more = '' } = end
    const isDone = word === 'DONE' || word === 'CACHED'
    return step(title, isDone ? 'done' : 'failed', `${capital(word.toLowerCase())}${more}`)
  }
}

/** The builder before tells only when the next step begins. */
function createClassicBuild() {
  let title: string | null = null
  return (line: string): OperationStep | null => {
    const { no, of, rest = '' } = classicStep.exec(line)?.groups ?? {}
    if (no !== undefined) {
      title = `[${no}/${of ?? ''}] ${rest}`
      return step(title, 'running', '')
    }
    if (title === null || !/^(?: ---> [0-9a-f]{12}|Successfully built [0-9a-f]+)$/.test(line)) return null
    return step(title, 'done', 'Done')
  }
}

/** A container, network or volume in Compose 2's words. */
function readSecond(match: RegExpExecArray): OperationStep {
  const { kind = '', name = '', word = '', rest = '' } = match.groups ?? {}
  const state = word === 'Error' ? 'failed' : ends.has(word.toLowerCase()) ? 'done' : 'running'
  return step(`${kind} ${name}`, state, `${word}${rest}`)
}

/** What Compose 1 tells in one line; null for anything else. */
function readFirst(line: string): OperationStep | null {
  const { word = '', name = '', end = '' } = first.exec(line)?.groups ?? {}
  if (word !== '') {
    const title = `${word === 'Pulling' || word === 'Building' ? 'Image' : 'Container'} ${name}`
    if (end === 'error') return step(title, 'failed', `${word} failed`)
    if (end !== 'done') return step(title, 'running', end === '' ? word : capital(end))
    return step(title, 'done', past(word))
  }
  const image = firstPull.exec(line)?.groups
  if (image) return step(`Image ${image['name'] ?? ''}`, 'running', `Pulling ${image['image'] ?? ''}`)
  const network = firstNetwork.exec(line)?.groups
  if (network)
    return step(`${capital(network['kind'] ?? '')} ${network['name'] ?? ''}`, 'done', past(network['word'] ?? ''))
  const same = upToDate.exec(line)?.groups?.['name']
  return same === undefined ? null : step(`Container ${same}`, 'done', 'Running')
}

/** Reads the progress of `up`, `pull`, `build`, `stop` and `down`, of Compose 2 (`--progress plain`) and of Compose 1. */
export function createProgressReader(): ProgressReader {
  const pulls = createPulls()
  const readBuild = createBuild()
  const readClassic = createClassicBuild()
  return {
    read(line) {
      const inBuild = ofBuild.exec(line)
      if (inBuild) return readBuild(inBuild)
      const inClassic = readClassic(line)
      if (inClassic) return inClassic
      const inLayer = layer.exec(line)
      if (inLayer) return pulls.layer(inLayer)
      const ofSecond = second.exec(line)
      if (ofSecond) return readSecond(ofSecond)
      const ofImage = pulling.exec(line)
      return ofImage ? pulls.image(ofImage) : readFirst(line)
    },
  }
}

/** `Creating` → `Created`, as Compose 2 says it. */
function past(word: string): string {
  switch (word) {
    case 'Stopping':
      return 'Stopped'
    case 'Building':
      return 'Built'
    default:
      return word.replace(/ing$/, 'ed')
  }
}
