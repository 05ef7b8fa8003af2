import { meantBy } from '../../files/dotenv'
import { environmentOf } from '../service'
import { at, type Draft, type Rule } from '../rule'
import { bcryptLength, looksLikeHash } from '../../files/secrets'

/** Hashes that were already cut before they were written. */
export const hashShort: Rule = {
  id: 'hash-short',
  check: (project) => {
    const { env, envFiles, services, mounted, variables } = project
    const found: Draft[] = []
    for (const { source, entries } of env ? [env, ...envFiles] : envFiles) {
      for (const entry of entries) {
        const { key, keyEnd, read } = entry
        // Doubled, they are meant for Compose 2.
        const value = (read?.compose1?.includes('$$') ? read.compose2 : read?.compose1) ?? meantBy(entry)
        if (isCut(value))
          found.push({
            ...draft(key, value),
            source,
            offset: keyEnd - key.length,
          })
      }
    }
    for (const service of services) {
      for (const { file, key, written, node } of environmentOf(service, variables)) {
        const value = (written ?? '').replaceAll('$$', '$')
        if (isCut(value)) found.push({ ...draft(key, value), ...at(file, node), service: service.name })
      }
    }
    for (const { source, role } of mounted) {
      const value = source.text.split('\n')[0]?.trim() ?? ''
      if (role === 'secret' && isCut(value)) found.push({ ...draft(source.name, value), source, offset: 0 })
    }
    return found
  },
}

const isCut = (value: string) => looksLikeHash(value) && value.length < bcryptLength

const draft = (key: string, value: string) => ({
  severity: 'danger' as const,
  problem: 'lint.hash-short' as const,
  params: { key, length: value.length },
  key,
})
