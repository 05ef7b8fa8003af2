import { firstWord } from './logins'

/** A variable that a start script sets. */
export interface ScriptVariable {
  name: string
  value: string
  line: number
}

/**
 * What `cmd.exe` sets in a batch file: `set NAME=value` to the end of the line, or `set "NAME=value"`. A carriage return
 * belongs to the line's end, not to the value. Comments are left out.
 */
export function batchVariables(text: string): ScriptVariable[] {
  return text.split('\n').flatMap((whole, at) => {
    const line = whole.replace(/\r$/, '')
    const quoted = /^\s*@?set\s+"([^"=]+)=(.*)"\s*$/i.exec(line)
    const plain = /^\s*@?set\s+([A-Za-z_]\w*)=(.*)$/i.exec(line)
    const [, name = '', value = ''] = quoted ?? plain ?? []
    return name === '' ? [] : [{ name: name.toUpperCase(), value, line: at + 1 }]
  })
}

/**
 * What bash sets in a script: `NAME=value`, with `export` or without. To bash a carriage return is a character like any
 * other: it becomes the value's last one. Comments are left out.
 */
export function shellVariables(text: string): ScriptVariable[] {
  return text.split('\n').flatMap((line, at) => {
    const [, name, raw] = /^[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)=(.*)$/s.exec(line) ?? []
    if (name === undefined || raw === undefined) return []
    const carriage = raw.endsWith('\r') ? '\r' : ''
    const value = firstWord(carriage === '' ? raw : raw.slice(0, -1))
    return [{ name, value: value + carriage, line: at + 1 }]
  })
}
