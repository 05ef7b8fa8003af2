import { at, type Rule } from '../rule'

export const envFileMissing: Rule = {
  id: 'env-file-missing',
  check: ({ missingEnvFiles }) =>
    missingEnvFiles.map(({ file, node, service, name }) => ({
      ...at(file, node),
      severity: 'danger',
      problem: 'lint.env-file-missing',
      params: { name, service },
      service,
      key: `${service}.${name}`,
    })),
}
