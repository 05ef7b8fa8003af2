/**
 * What of a container's command line tells which program it is: names of options, a port, names of programs. The rest
 * may hold secrets and is left out.
 */
export function tellingWords(commandLine: string): string[] {
  const words = commandLine.split(/\s+/).filter((word) => word !== '')
  return words.flatMap((word, at) => {
    if (/^--[\w-]+=/.test(word)) return /^--port=\d+$/.test(word) ? word : word.replace(/=.*$/s, '')
    const isTelling = /^--[\w-]+$/.test(word) || (/^\d+$/.test(word) && words[at - 1] === '--port')
    return isTelling || /^[\w./-]*(?:\.(?:py|sh|bat)|comfyui)$/i.test(word) ? word : []
  })
}
