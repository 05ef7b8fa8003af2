/** What is no message: Compose's warnings, and the call stacks of Compose 1. */
const unimportant =
  /^(time="[^"]*" level=(warning|info|debug)|Traceback \(most recent call last\)|\s+File "|\s+[\^~]+\s*$|During handling)/

/** A line of a build, which quotes whatever the build's own programs print: `#7 1.23 …`. */
const ofBuild = /^#\d+ /

/** So much is looked at: the last lines, and the beginning of each. */
const longestOutput = 400
const longestLine = 2000

const linesOf = (output: string): string[] => output.split(/\r\n|\r|\n/)

/** The last words of a program that failed, without its warnings and call stacks. */
export function lastLines(output: string, count = 6): string {
  const lines = linesOf(output)
    .map((line) => line.trimEnd())
    .filter((line) => line.trim() !== '' && !unimportant.test(line))
  return [...new Set(lines.map((line) => line.trim()))].slice(-count).join('\n').slice(-1500)
}

/**
 * What the programs put before a message of another one: Compose before the engine's, the engine before containerd's.
 * Each ends where the message begins; a name in them never holds a space.
 */
const wrappers: readonly RegExp[] = [
  /^ERROR: for \S+ {2}/,
  /^(?:ERROR|Error): /,
  /^Error response from daemon: /,
  /^[^\s:]\S*(?<!:) Error (?=\S)/,
  /^(?:Cannot start|Cannot create container for) service \S+: /,
  /^unable to get image '\S+': /,
  /^error while interpolating \S+: /,
  /^(?:failed to create shim(?: task)?|failed to create task for container|failed to set up container networking): /,
  /^driver failed programming external connectivity(?: on endpoint \S+ \([0-9a-f]+\))?: /,
  /^Error starting userland proxy: /,
  /^docker\.errors\.\w+: /,
  /^\d{3} \w+ Error(?: for \S+)?: /,
]

/** The text of a log line of Compose or Docker itself: `time="…" level=error msg="…"`. */
const logged = /^time="[^"]*" level=(?:error|fatal) msg="(?<text>(?:[^"\\]|\\.)*)"/

/** Takes what others put before a message off, one after the other. */
function strip(message: string, wrappers: readonly RegExp[]): string {
  let rest = message
  // Each wrapper takes something away; more than these nobody has seen.
  for (let deep = 0; deep < 12; deep++) {
    const wrapper = wrappers.find((each) => each.test(rest))
    if (!wrapper) break
    rest = rest.replace(wrapper, '')
  }
  return rest.trim()
}

function unwrap(line: string): string {
  const text = logged.exec(line)?.groups?.['text']
  return strip((text === undefined ? line : text.replaceAll(/\\(.)/g, '$1')).trim(), wrappers)
}

/** What builds and pulls put before what their registry, or the way to it, said. An image's name holds no space. */
const beforeRegistry: readonly RegExp[] = [
  /^target \S+: /,
  /^failed to (?:solve|resolve|do request|copy|fetch|authorize|pull)\b(?:[^":]|"[^"]*"|:(?! ))*: /,
  /^\S+: (?=failed to |error getting credentials )/,
  /^(?:Get|Head|Post) "[^"]*": /,
  /^httpReadSeeker: failed open: /,
  /^unexpected status (?:code|from) (?:[^":]|"[^"]*"|:(?! ))*: (?=\d{3} )/,
]

/** What a registry, or the way to it, said in a message of a build or a pull. */
export const fromRegistry = (message: string): string => strip(message, beforeRegistry)

/**
 * The messages in what a program printed, each without what others put before it, the last first: that is the one it
 * ended with. The text must be redacted.
 */
export function messagesIn(output: string): string[] {
  return linesOf(output)
    .filter((line) => line.trim() !== '' && !unimportant.test(line) && !ofBuild.test(line))
    .slice(-longestOutput)
    .map((line) => line.slice(0, longestLine))
    .map(unwrap)
    .reverse()
}
