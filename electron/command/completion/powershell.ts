import { idPattern, type Offered } from './model'

const quoted = (text: string) => `'${text.replaceAll("'", "''")}'`
const list = (texts: readonly string[]) => `@(${texts.map(quoted).join(', ')})`

function entryOf({ words, next, options, arguments: places }: Offered): string {
  const names = options.map(({ name }) => `--${name}`)
  const takes = options.flatMap(({ name, short, takes: kind }) =>
    kind === null
      ? []
      : [`--${name}`, ...(short === null ? [] : [`-${short}`])].map((each) => `${quoted(each)} = ${quoted(kind)}`),
  )
  return [
    `    ${quoted(words)} = @{`,
    `        Next = ${list(next.map(({ word }) => word))}`,
    `        Options = ${list(names)}`,
    `        Takes = @{ ${takes.join('; ')} }`,
    `        Places = ${list(places)}`,
    '    }',
  ].join('\n')
}

/** Completion for PowerShell, Windows' own (5.1) and the newer ones. */
export const powershellScript = (
  offered: readonly Offered[],
): string => `# Completion of regie for PowerShell: regie completion powershell | Out-String | Invoke-Expression
$script:RegieCommands = @{
${offered.map(entryOf).join('\n')}
}

function Get-RegieOffer([string]$Kind, [string]$Current) {
    switch -Wildcard ($Kind) {
        'service' { regie services --ids 2>$null | Where-Object { $_ -cmatch '${idPattern}' } }
        'credential' { regie credentials --ids 2>$null | Where-Object { $_ -cmatch '${idPattern}' } }
        'list:*' { $Kind.Substring(5) -split ',' }
        'file' { Get-ChildItem -Path "$Current*" | ForEach-Object { Resolve-Path -Relative $_.FullName } }
        'folder' { Get-ChildItem -Directory -Path "$Current*" | ForEach-Object { Resolve-Path -Relative $_.FullName } }
    }
}

Register-ArgumentCompleter -Native -CommandName @('regie', 'regie.cmd') -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)
    $before = @($commandAst.CommandElements | Where-Object { $_.Extent.EndOffset -lt $cursorPosition } |
        Select-Object -Skip 1 | ForEach-Object { $_.ToString() })
    $words = ''
    $place = 0
    $kind = $null
    foreach ($word in $before) {
        if ($kind) { $kind = $null; continue }
        if ($word.StartsWith('-')) { $kind = $script:RegieCommands[$words].Takes[$word]; continue }
        $longer = "$words $word".Trim()
        if ($place -eq 0 -and $script:RegieCommands.ContainsKey($longer)) { $words = $longer } else { $place++ }
    }
    $here = $script:RegieCommands[$words]
    $offers = if ($kind) { Get-RegieOffer $kind $wordToComplete }
    elseif ($wordToComplete.StartsWith('-')) { $here.Options }
    else {
        if ($place -eq 0) { $here.Next }
        if ($place -lt $here.Places.Count) { Get-RegieOffer $here.Places[$place] $wordToComplete }
    }
    $offers | Where-Object { $kind -in 'file', 'folder' -or "$_".StartsWith($wordToComplete) } |
        ForEach-Object { [System.Management.Automation.CompletionResult]::new("$_", "$_", 'ParameterValue', "$_") }
}
`
