/** A thread that serves Forge's pages and API (webui.py), as Python announces its death. */
const announcement = /^Exception in thread .{1,200}\((?:webui_worker|api_only_worker)\):?\s*$/
/** Uvicorn ends its thread with `sys.exit`, which Python does not announce: only its own line tells (uvicorn/server.py). */
const bindingFailed = /^ERROR:\s+\[Errno \d+\] error while attempting to bind on address/
/** The thread lives: it has begun, or has come to the end of its start (launch_utils.py, webui.py). */
const alive = /^(?:Launching (?:Web UI|API server) with arguments:|Startup time: )/

/** An exception with its words, as the last line of a traceback: not indented. */
const isLastLine = (line: string) =>
  /^[A-Za-z_][\w.]*(?::|$)/.test(line) && !/^(?:Traceback|During handling|The above exception)/.test(line)

const longest = 300

/**
 * The last line with which Forge's web thread died, from the lines of its log, oldest first; null while it lives, or
 * while that line has not come yet. Nothing will ever listen then, although the process goes on.
 */
export function deadWebThread(lines: readonly string[]): string | null {
  let words: string | null = null
  let isDying = false
  for (const raw of lines) {
    const line = raw.trimEnd()
    if (alive.test(line)) [words, isDying] = [null, false]
    else if (announcement.test(line)) [words, isDying] = [null, true]
    else if (bindingFailed.test(line)) words = line.replace(/^ERROR:\s+/, '').slice(0, longest)
    // Of a chain of exceptions the last one counts; what other threads write meanwhile has no such form.
    else if (isDying && isLastLine(line)) {
      words = line.slice(0, longest)
      isDying = false
    } else if (/^(?:During handling of|The above exception was)/.test(line) && words !== null) isDying = true
  }
  return words
}
