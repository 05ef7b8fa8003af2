const browsers: readonly [RegExp, string][] = [
  [/\bEdgA?\/(\d+)/, 'Edge'],
  [/\bOPR\/(\d+)/, 'Opera'],
  [/\bFirefox\/(\d+)/, 'Firefox'],
  [/\bElectron\/(\d+)/, 'Electron'],
  [/\b(?:Headless)?Chrome\/(\d+)/, 'Chrome'],
  [/\bVersion\/(\d+)[\d.]* (?:Mobile\/\S+ )?Safari\//, 'Safari'],
]

const systems: readonly [RegExp, string][] = [
  [/\bWindows\b/, 'Windows'],
  [/\bAndroid\b/, 'Android'],
  [/\b(?:iPhone|iPad)\b/, 'iOS'],
  [/\bMac OS X\b/, 'macOS'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bLinux\b/, 'Linux'],
]

/**
 * What a program calls itself (`User-Agent`), in the words that people know it by: `Firefox 130, Windows`. A program that
 * is no known browser is shown by its first word, as `curl/8.5`.
 */
export function clientName(userAgent: string): string {
  for (const [pattern, browser] of browsers) {
    const version = pattern.exec(userAgent)?.[1]
    if (version === undefined) continue
    const system = systems.find(([of]) => of.test(userAgent))?.[1]
    return [`${browser} ${version}`, system].filter(Boolean).join(', ')
  }
  return (userAgent.split(' ')[0] ?? '').slice(0, 40)
}
