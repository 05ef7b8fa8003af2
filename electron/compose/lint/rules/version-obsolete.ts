import { at, fixIn, type Draft, type Rule } from '../rule'
import { entryOf, removeEntry, textOf } from '../yaml'

export const versionObsolete: Rule = {
  id: 'version-obsolete',
  check: ({ yaml }) =>
    yaml.flatMap((file): Draft[] => {
      const entry = entryOf(file, file.root, 'version')
      if (!entry) return []
      // Version 2 meant other keys to docker-compose 1: there the line is left to a person.
      const isThree = (textOf(entry.value) ?? '').startsWith('3')
      const fix = isThree
        ? fixIn(file, [removeEntry(file, entry)], { problem: 'lint.fix-version', needs: 'none' })
        : null
      return [
        {
          ...at(file, entry.keyNode),
          severity: 'hint',
          problem: 'lint.version-obsolete',
          key: 'version',
          fixes: [fix],
        },
      ]
    }),
}
