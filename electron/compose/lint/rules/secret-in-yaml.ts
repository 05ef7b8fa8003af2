import { isScalar } from 'yaml'
import { loginsOf } from '../../files/arguments'
import { canStandInEnv } from '../../files/dotenv'
import { dollarsOf, variablesOf } from '../../files/interpolation'
import type { Project, Variable } from '../model'
import { at, fixIn, serviceRule, type Draft, type FixDraft } from '../rule'
import { environmentOf, serviceFlags } from '../service'
import { isCredentialFlag, namesSecret } from '../../files/secrets'
import { lineEndOf } from '../text'
import { contentOf, plainContentOf, scalarsIn, textOf } from '../yaml'

const harmless = /^(?:|true|false|yes|no|on|off|none|null|\d{1,5}|\/.*|\.{1,2}\/.*)$/i

const isLiteral = (text: string) => !harmless.test(text) && dollarsOf(text).every(({ kind }) => kind === 'escape')

/** Secrets in plain text in the Compose files, also as defaults. */
export const secretInYaml = serviceRule('secret-in-yaml', (service, project) => {
  const { variables } = project
  const found: Draft[] = environmentOf(service, variables)
    .filter(({ key, written }) => namesSecret(key) && written !== null && isLiteral(written))
    .map((variable) => ({
      ...at(variable.file, variable.node),
      severity: 'danger',
      problem: 'lint.secret-in-yaml',
      params: { key: variable.key },
      key: variable.key,
      fixes: [moveFix(variable, project)],
    }))
  const flags = serviceFlags(service, project)
  const logins = loginsOf(flags, variables)
  for (const { name, value } of flags) {
    if (!isCredentialFlag(name) || value === null || value.place.yaml === null) continue
    const passwords = logins.filter(({ word }) => word === value).map(({ password }) => password.written)
    if (![...passwords, ...(passwords.length === 0 ? [value.written] : [])].some(isLiteral)) continue
    found.push({
      ...{ source: value.place.source, offset: value.place.offset, key: name.replace(/^--/, '') },
      ...{ severity: 'danger', problem: 'lint.secret-in-arguments', params: { flag: name } },
    })
  }
  return found
})

/** The value moves to `.env` as it is, in single quotes; only where the key is free there. */
function moveFix({ file, key, written, node, isListItem }: Variable, project: Project): FixDraft | null {
  const { env, variables } = project
  const value = (written ?? '').replaceAll('$$', '$')
  // One name can stand for one value only.
  if (literalsOf(key, project).some((other) => other !== value)) return null
  const content = isScalar(node) ? plainContentOf(file, node) : null
  if (!env || env.refusals.length > 0 || content === null) return null
  const isThere = variables.get(key) === value
  if (variables.has(key) && !isThere) return null
  if (!canStandInEnv(value) || !/^[\x20-\x7e]+$/.test(value)) return null
  const start = content.start + (isListItem ? key.length + 1 : 0)
  const { text } = env.source
  const gap = text === '' || text.endsWith('\n') ? '' : lineEndOf(text)
  const line = { start: text.length, end: text.length, text: `${gap}${key}='${value}'${lineEndOf(text)}` }
  return {
    problem: 'lint.fix-move-secret',
    needs: 'recreate',
    removesSecret: true,
    changes: [
      { source: file.source, edits: [{ start, end: content.end, text: `\${${key}:?set it in .env}` }] },
      // Another service's fix may have put it there already.
      ...(isThere ? [] : [{ source: env.source, edits: [line] }]),
    ],
  }
}

/** The values that services give a variable in plain text. */
const literalsOf = (name: string, { services, variables }: Project): string[] =>
  services.flatMap((service) =>
    environmentOf(service, variables).flatMap(({ key, written }) =>
      key === name && written !== null && isLiteral(written) ? [written.replaceAll('$$', '$')] : [],
    ),
  )

/** `${PASSWORD:-changeme}` */
export const secretDefault = serviceRule('secret-default', (service, { variables }) => {
  const seen = new Set<string>()
  return service.parts.flatMap(({ file, map }) =>
    scalarsIn(map).flatMap((node) => {
      const content = contentOf(file, node)
      return variablesOf(textOf(node) ?? '').flatMap(({ name, operator, word }): Draft[] => {
        if (!namesSecret(name) || !operator.endsWith('-') || !isLiteral(word) || seen.has(name)) return []
        seen.add(name)
        const edits = dollarsOf(content?.text ?? '')
          .filter((dollar) => dollar.name === name && dollar.operator.endsWith('-'))
          .map(({ start, end }) => ({
            start: (content?.start ?? 0) + start + 2 + name.length,
            end: (content?.start ?? 0) + end - 1,
            text: ':?set it in .env',
          }))
        const fix = { problem: 'lint.fix-require', needs: 'recreate', removesSecret: true } as const
        // Without a value of its own the service would stand still.
        const mend = variables.get(name) ? fixIn(file, edits, fix) : null
        const place = { ...at(file, node), key: name, params: { key: name } }
        return [{ ...place, severity: 'danger', problem: 'lint.secret-default', fixes: [mend] }]
      })
    }),
  )
})
