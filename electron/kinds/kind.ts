import type { ExposureRow, ExposureVerdict, SecretField, ServiceKind } from '../../shared/contract'
import type { ProblemId } from '../../shared/problems'
import type { BackendTarget, ImageBackend, Sessions } from './backend'
import type { GatewayKind } from './gateway'
import type { KindModels } from './model-folders'
import type { SurfaceRow } from './surfaces'
import type { KindDemo, KindStack } from './stack'
import type { Symptoms } from './symptoms'
import type { BackendTiming } from './timing'

/**
 * What Regie knows of a kind of backend, beside what the pages know too (`shared/kinds`). Everything that differs between
 * kinds stands in one of these: topics ask `kindOf` and compare no names.
 */
export interface Kind {
  id: ServiceKind
  /** The client of one service. Opens nothing until it is asked. */
  createBackend: (target: BackendTarget, timing: BackendTiming) => ImageBackend
  /** The words that make Regie's simulator play it. */
  simulator: readonly string[]
  /** All that is asked of a service by proof, exposure test and doctor. */
  surfaces: readonly SurfaceRow[]
  sessions: Sessions
  /** How a gateway in front of its pages has to stand there. */
  pages: KindPages
  recognition: Recognition
  traces: Traces
  /** How people are kept apart on it by the gateway. */
  gateway: GatewayKind
  symptoms: Symptoms
  /** Where it looks for files of models. */
  models: KindModels
  /** The ready-made stack that deploys it; null where there is none. */
  stack: KindStack | null
  /** Its part of the demo; null where it has none. */
  demo: KindDemo | null
  /**
   * The last line with which a thread that serves it died although the process goes on, from the lines of its log, oldest
   * first; null while it lives. Left out where there is no such thread.
   */
  deadThread?: (lines: readonly string[]) => string | null
  /** The custom nodes that could not be imported at its start, by their folders, from the lines of its log. */
  failedImports?: (lines: readonly string[]) => string[]
  /** A well-known cause of an open door, whose words say what to do; null for any other. */
  causeOfExposure: (rows: ExposureRows) => ProblemId | null
}

/** What a gateway minds in front of a kind's pages. */
export interface KindPages {
  /** Whether the program writes its address into its pages, and has to be told under which people see it. */
  tellsHost: boolean
  /** Its sign-in form, where that is a thing of its own beside the credential of its API; null where one opens both. */
  form: {
    /** What the form does not guard. */
    api: RegExp
    /** Answers 401 where somebody has to sign in, and costs nothing. */
    check: string
  } | null
}

/** What an exposure test found. */
export interface ExposureRows {
  /** Rows in which a stranger was given control. */
  open: readonly Pick<ExposureRow, 'id' | 'with'>[]
  /** Whether any answer of a row was this one. */
  has: (id: string, verdict: ExposureVerdict) => boolean
}

/** By what a program shows in containers and Compose files that it is of this kind. */
export interface Recognition {
  /** In names of images, services, containers and labels. */
  name: RegExp
  /** An argument that only such a program has. */
  argument: RegExp
  /** Arguments that tell it only together, and how they are told. */
  together: { words: readonly RegExp[]; said: string } | null
  /** Variables that images of it translate into arguments, and that are its alone. */
  argumentVariables: readonly string[]
  /** Variables that name its port; clients of it may have these too. */
  portVariables: RegExp
  /** Where it listens by itself. */
  ports: readonly number[]
  /**
   * The kind that this one is a variant of; null where it is none. What speaks for that kind then speaks for this one, once
   * its own name or argument is found: variables and ports tell nothing of a variant.
   */
  variantOf: ServiceKind | null
}

/** By what its credential shows in files. */
export interface Traces {
  /** Values of one topic are one credential, within an instance. Kinds that read the same variables share it. */
  topic: string
  /** What a variable of this name holds (in capitals, words joined by `_`); null where the name says nothing of this kind. */
  variable: (name: string) => { field: SecretField; instance: string | null } | null
  /** Parts of a path that name an instance, in their first group. */
  instances: readonly RegExp[]
  /** Files that are its own by their names. */
  files: readonly { name: RegExp; is: 'login' | 'session-key' | 'batch' | 'shell' }[]
  /** Whether it takes `user:password` among its arguments. */
  loginsInArguments: boolean
}
