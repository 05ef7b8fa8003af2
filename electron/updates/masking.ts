import { maskedLines, type FileRole } from '../compose/lint/mask'
import { dots, namesSecret } from '../compose/files/secrets'

const roleOf = (name: string): FileRole => {
  if (/\.ya?ml$/.test(name)) return 'yaml'
  return name.startsWith('.env') ? 'env' : 'script'
}

/** What a Dockerfile gives to a build or to a container. */
const given = /([\w.-]+)=("[^"]*"|'[^']*'|[^\s"']+)/g

const maskGiven = (line: string) =>
  /^\s*(?:ENV|ARG)\s/i.test(line)
    ? line.replaceAll(given, (whole, name: string) => (namesSecret(name) ? `${name}=${dots}` : whole))
    : line

/** The lines of one of a stack's files as anybody may see them: without what the vault knows or what looks like a secret. */
export const shownLines = (name: string, redact: (text: string) => string) => (text: string) =>
  maskedLines({ path: name, name, encoding: 'utf8', text: text.replaceAll('\r\n', '\n') }, roleOf(name), redact).map(
    maskGiven,
  )
