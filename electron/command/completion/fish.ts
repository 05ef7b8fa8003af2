import { idPattern, type Kind, type Offered } from './model'

const quoted = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`

/** What fish offers for a kind, as options of `complete`. */
function offers(kind: Kind): string {
  switch (kind) {
    case 'file':
      return '-F'
    case 'folder':
      return "-f -a '(__fish_complete_directories)'"
    case 'service':
    case 'credential':
      return `-f -a '(__regie_ids ${kind}s)'`
    case 'none':
      return '-f'
    default:
      return `-f -a ${quoted(kind.slice('list:'.length).replaceAll(',', ' '))}`
  }
}

function linesOf({ words, next, options, arguments: places }: Offered): string[] {
  const here = (at: number) => `complete -c regie -n ${quoted(`__regie_at ${quoted(words)} ${at}`)}`
  const anywhere = `complete -c regie -n ${quoted(`__regie_in ${quoted(words)}`)}`
  return [
    ...next.map(({ word, hint }) => `${here(0)} -f -a ${word}${hint === '' ? '' : ` -d ${quoted(hint)}`}`),
    ...options.map(({ name, short, hint, takes }) =>
      [
        `${anywhere} -l ${name}`,
        ...(short === null ? [] : [`-s ${short}`]),
        ...(takes === null ? [] : [`-x ${offers(takes)}`.replace('-x -F', '-r -F').replace('-x -f', '-x')]),
        `-d ${quoted(hint)}`,
      ].join(' '),
    ),
    ...places.map((kind, at) => `${here(at)} ${offers(kind)}`),
  ]
}

/** Completion for fish. */
export function fishScript(offered: readonly Offered[]): string {
  const paths = offered.map(({ words }) => words).filter((words) => words !== '')
  const valued = new Set(
    offered.flatMap(({ options }) =>
      options.flatMap(({ name, short, takes }) =>
        takes === null ? [] : [`--${name}`, ...(short === null ? [] : [`-${short}`])],
      ),
    ),
  )
  return `# Completion of regie for fish: regie completion fish | source
function __regie_ids
    command regie $argv[1] --ids 2>/dev/null </dev/null | string match -r '${idPattern}'
end

# Sets the words of the command before the cursor, and how many arguments follow them.
function __regie_find
    set -g __regie_words ''
    set -g __regie_place 0
    set -l skip 0
    for word in (commandline -opc)[2..]
        if test $skip = 1
            set skip 0
        else if string match -q -- '-*' $word
            contains -- $word ${[...valued].join(' ')}; and set skip 1
        else
            set -l longer (string trim -- "$__regie_words $word")
            if test $__regie_place = 0; and contains -- $longer ${paths.map(quoted).join(' ')}
                set __regie_words $longer
            else
                set __regie_place (math $__regie_place + 1)
            end
        end
    end
end

function __regie_in
    __regie_find
    test "$__regie_words" = "$argv[1]"
end

function __regie_at
    __regie_in $argv[1]; and test $__regie_place = $argv[2]
end

complete -c regie -f
${offered.flatMap(linesOf).join('\n')}
`
}
