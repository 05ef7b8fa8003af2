import { isSecretFile } from '../compose/lint/project'
import { allKinds } from '../kinds'

/** How a file is to be read. */
export type FileKind = 'batch' | 'shell' | 'env' | 'login' | 'session-key' | 'secret' | 'yaml' | 'json' | 'ini'

/** Folders that hold models, pictures, packages or other people's programs. */
const skippedFolders = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  'models',
  'checkpoints',
  'loras',
  'output',
  'outputs',
  'input',
  'temp',
  'cache',
  '.cache',
  'venv',
  '.venv',
  'site-packages',
  '__pycache__',
  '.ipynb_checkpoints',
])

export const isSkippedFolder = (name: string): boolean => skippedFolders.has(name.toLowerCase())

/** Examples hold no secrets, or should not; a copy of a file is none of its readers'. */
const noSource = /[._-](?:example|sample|template|dist|bak|backup|orig|old)(?:$|[._-])|~$|\.backup\.\d+$|\.tmp$/i

/** Files of programs and models, in which words like "token" mean something else. */
const otherJson = /^(?:package(?:-lock)?|tsconfig.*|tokenizer.*|vocab.*|special_tokens.*|manifest|composer)\.json$/i

const ownFiles = allKinds.flatMap(({ traces }) => traces.files)

/** What a file is, by its name alone; null for one that is not read. */
export function fileKindOf(name: string): FileKind | null {
  if (noSource.test(name)) return null
  const own = ownFiles.find((file) => file.name.test(name))
  if (own) return own.is
  if (/^\.env(?:\.|$)|\.env$/i.test(name)) return 'env'
  if (/\.ya?ml$/i.test(name)) return 'yaml'
  if (/\.json$/i.test(name)) return otherJson.test(name) ? null : 'json'
  if (/\.(?:ini|conf|cfg)$/i.test(name)) return 'ini'
  return isSecretFile(name) ? 'secret' : null
}

/** Larger ones are no settings, in bytes. */
export const largestOf: Record<FileKind, number> = {
  batch: 64 * 1024,
  shell: 64 * 1024,
  env: 256 * 1024,
  login: 8192,
  'session-key': 8192,
  secret: 8192,
  yaml: 256 * 1024,
  json: 1024 * 1024,
  ini: 256 * 1024,
}
