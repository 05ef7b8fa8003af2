import { idPattern, type Offered } from './model'

/** The values of a shell's variables for each command, as branches of a `case`. Nothing in them needs quoting. */
function branches(offered: readonly Offered[]): string {
  return offered
    .map(({ words, next, options, arguments: places }) => {
      const names = options.flatMap(({ name, short }) => (short === null ? [`--${name}`] : [`--${name}`, `-${short}`]))
      const takes = options.flatMap(({ name, short, takes: kind }) =>
        kind === null ? [] : [`--${name}=${kind}`, ...(short === null ? [] : [`-${short}=${kind}`])],
      )
      return [
        `    '${words}')`,
        `      next='${next.map(({ word }) => word).join(' ')}'`,
        `      options='${names.join(' ')}'`,
        `      takes='${takes.join(' ')}'`,
        `      places='${places.join(' ')}' ;;`,
      ].join('\n')
    })
    .join('\n')
}

/**
 * What bash and zsh have in common: finds the command in the words before the cursor, and what is wanted there. Sets
 * `kind` (what a value is to be completed with), or else `next` and `options`.
 */
const finder = (offered: readonly Offered[], split: (name: string) => string) => `_regie_command() {
  case "$1" in
${branches(offered)}
    *) return 1 ;;
  esac
}

# Called with the words before the one that is completed.
_regie_find() {
  local word pair skip='' at=0
  command='' kind=''
  _regie_command ''
  for word in "$@"; do
    if [ -n "$skip" ]; then
      skip=''
      kind=''
      continue
    fi
    case "$word" in
      -*)
        for pair in ${split('takes')}; do
          case "$pair" in
            "$word"=*) skip=yes kind=\${pair#*=} ;;
          esac
        done ;;
      *)
        if [ "$at" = 0 ] && _regie_command "\${command:+$command }$word"; then
          command="\${command:+$command }$word"
        else
          at=$((at + 1))
        fi ;;
    esac
  done
  [ "$at" = 0 ] || next=''
  if [ -z "$kind" ]; then
    for pair in ${split('places')}; do
      if [ "$at" = 0 ]; then
        place=$pair
        return
      fi
      at=$((at - 1))
    done
    place=''
  fi
}

# The ids that the panel knows, of what is named: nothing where it cannot be asked, and nothing that is no id.
_regie_ids() {
  "$1" "$2" --ids 2>/dev/null </dev/null | LC_ALL=C command grep -E '${idPattern}'
}
`

/** Completion for bash. */
export const bashScript = (
  offered: readonly Offered[],
): string => `# Completion of regie for bash: eval "$(regie completion bash)"
${finder(offered, (name) => `$${name}`)}
_regie_offer() {
  case "$1" in
    service | credential) COMPREPLY+=($(compgen -W "$(_regie_ids "\${COMP_WORDS[0]}" "$1s")" -- "$current")) ;;
    file) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -f -- "$current")) ;;
    folder) compopt -o filenames 2>/dev/null; COMPREPLY+=($(compgen -d -- "$current")) ;;
    list:*) local all=\${1#list:}; COMPREPLY+=($(compgen -W "\${all//,/ }" -- "$current")) ;;
  esac
}

_regie() {
  local current=\${COMP_WORDS[COMP_CWORD]} command kind place next options takes places IFS=$' \\t\\n'
  COMPREPLY=()
  _regie_find "\${COMP_WORDS[@]:1:COMP_CWORD-1}"
  if [ -n "$kind" ]; then
    _regie_offer "$kind"
    return
  fi
  case "$current" in
    -*) COMPREPLY=($(compgen -W "$options" -- "$current")) ;;
    *)
      COMPREPLY=($(compgen -W "$next" -- "$current"))
      _regie_offer "$place" ;;
  esac
}
complete -F _regie regie
`

/** Completion for zsh. */
export const zshScript = (offered: readonly Offered[]): string => `#compdef regie
# Completion of regie for zsh: eval "$(regie completion zsh)", after compinit
${finder(offered, (name) => `\${=${name}}`)}
_regie_offer() {
  case "$1" in
    service | credential) compadd -- \${(f)"$(_regie_ids "$words[1]" "$1s")"} ;;
    file) _files ;;
    folder) _files -/ ;;
    list:*) compadd -- \${(s:,:)1#list:} ;;
  esac
}

_regie() {
  local command kind place next options takes places
  _regie_find "\${(@)words[2,CURRENT-1]}"
  if [ -n "$kind" ]; then
    _regie_offer "$kind"
    return
  fi
  case "$words[CURRENT]" in
    -*) compadd -- \${=options} ;;
    *)
      [ -z "$next" ] || compadd -- \${=next}
      [ -z "$place" ] || _regie_offer "$place" ;;
  esac
}
compdef _regie regie
`
