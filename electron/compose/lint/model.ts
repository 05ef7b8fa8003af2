import type { Node, YAMLMap } from 'yaml'
import type { EnvLine, EnvRefusal } from '../files/dotenv'
import type { PlaceKind } from '../files/disk'
import type { Variables } from '../files/interpolation'
import type { SourceText } from './text'
import type { YamlFile } from './yaml'

/** Which files make the project. */
export interface LintFiles {
  /** A Compose file, or the folder in which it lies. */
  file: string
  overrides?: string[] | undefined
  envFile?: string | undefined
}

/** What is known beside the files. */
export interface LintFacts {
  gpus: { index: number; uuid: string; name: string }[]
  /** The GPU that the service was given in Regie. */
  gpuUuid: string | null
  /** Digest of the image that each Compose service's container runs, e.g. `sha256:…`; only of pulled images. */
  images: Readonly<Record<string, string>>
  /** Which Compose program would run the files; null when there is none. */
  compose: 'plugin' | 'standalone' | null
  /** Whether bind mounts are of this machine. */
  localEngine: boolean
  /** What Compose would find in its environment; wins over `.env`. */
  environment: Readonly<Record<string, string | undefined>>
  /** How fast the services' running containers read folders of theirs, as far as it was measured. */
  readRates: readonly ReadRate[]
  /** Volumes that hold a verified copy of what a service mounts. */
  copies: readonly { service: string; target: string; volume: string }[]
}

export interface ReadRate {
  service: string
  /** The folder in the container. */
  target: string
  /** MB/s */
  rate: number
}

export const noFacts: LintFacts = {
  gpus: [],
  gpuUuid: null,
  images: {},
  compose: null,
  localEngine: true,
  environment: {},
  readRates: [],
  copies: [],
}

export interface EnvFile {
  source: SourceText
  /** `.env` interpolates the Compose files, that of an `include` those; an `env_file` goes into a container. */
  role: 'project' | 'container' | 'included'
  entries: EnvLine[]
  /** Lines for which Compose 2 refuses the file. */
  refusals: EnvRefusal[]
}

/** A Compose service: its mapping in each file that speaks of it, in the order in which they override. */
export interface ServiceView {
  name: string
  parts: { file: YamlFile; map: YAMLMap; keyNode: Node }[]
  /** It takes more from elsewhere (`extends`): what is absent here may stand there. */
  isPartial: boolean
}

/** A bind mount, and what lies at its source. */
export interface MountedPlace {
  mount: Mount
  /** Absolute path on this machine; null when it cannot be told. */
  place: string | null
  kind: PlaceKind
  /** Names beside a file that is mounted by itself. */
  neighbours: string[] | null
}

/** A mounted secret or script, for its bytes. */
export interface MountedFile {
  source: SourceText
  role: 'secret' | 'script'
  /** Where the mount is written. */
  mount: Mount
}

/** A project as rules see it: values only, nothing left to read. */
export interface Project {
  folder: string
  yaml: YamlFile[]
  services: ServiceView[]
  env: EnvFile | null
  envFiles: EnvFile[]
  /** `env_file` entries that are required and not there. */
  missingEnvFiles: { file: YamlFile; node: Node; service: string; name: string }[]
  mounts: MountedPlace[]
  mounted: MountedFile[]
  variables: Variables
  facts: LintFacts
}

/** A variable of the container, as `environment:` states it. */
export interface Variable {
  file: YamlFile
  key: string
  /** As written, before interpolation; null for one that only inherits. */
  written: string | null
  value: string
  /** The scalar in which the value stands; in a list it holds the key as well. */
  node: Node
  isListItem: boolean
}

export interface Mount {
  file: YamlFile
  service: string
  node: Node
  type: string
  /** Interpolated, and as written. */
  source: string
  target: string
  written: { source: string; target: string }
  readOnly: boolean
  /** Options of the short form other than ro and rw, e.g. `z`. */
  options: string[]
  form: 'short' | 'long'
  /** Long form: `bind.create_host_path`, null when not stated. */
  createHostPath: boolean | null
}
