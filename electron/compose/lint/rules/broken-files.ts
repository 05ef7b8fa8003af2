import type { Project } from '../model'
import type { Draft, Rule } from '../rule'
import type { SourceText } from '../text'

/** Files that Compose cannot read at all. */
export const brokenFiles: Rule = {
  id: 'broken-file',
  check: (project) => [
    ...project.yaml.flatMap(({ source, errors, root }) => {
      if (!isUtf8(source)) return [encoding(source)]
      if (errors.length > 0)
        // The first one names the place; those behind it mostly follow from it.
        return errors.slice(0, 1).map(({ offset, detail }) => broken(source, offset, detail))
      return root?.has('services') || root?.has('include') ? [] : [noServices(source)]
    }),
    ...envFilesOf(project).flatMap(({ source }) => {
      if (/^(?:\xFF\xFE|\xFE\xFF)/.test(source.text) || source.text.includes('\0')) return [encoding(source)]
      return []
    }),
  ],
}

const envFilesOf = ({ env, envFiles }: Project) => (env ? [env, ...envFiles] : envFiles)

/** A decoder puts this character where bytes are no UTF-8. */
const isUtf8 = (source: SourceText) => !source.text.includes('\uFFFD') && !source.text.includes('\0')

const encoding = (source: SourceText): Draft => ({
  severity: 'danger',
  problem: 'lint.encoding',
  params: { name: source.name },
  source,
  offset: 0,
  key: 'encoding',
})

const broken = (source: SourceText, offset: number, detail: string): Draft => ({
  severity: 'danger',
  problem: 'lint.yaml-broken',
  params: { detail },
  source,
  offset,
  key: 'yaml',
})

const noServices = (source: SourceText): Draft => ({
  severity: 'danger',
  problem: 'lint.no-services',
  source,
  offset: 0,
  key: 'services',
})
