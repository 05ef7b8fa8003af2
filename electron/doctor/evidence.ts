import type { CardIdentity, RuntimeKind, Scheme, SecretField, ServiceKind } from '../../shared/contract'
import type { Answers, LogTraces } from '../kinds/symptoms'
import type { Shape } from './shape'

/** A value found in a place beside the vault. */
export interface SeenValue {
  where: 'sink' | 'container-file' | 'environment' | 'command'
  /** A path, a path with its key, or a variable with its container. */
  place: string
  /** The variable's or the key's name alone. */
  key: string | null
  sinkId: string | null
  field: SecretField
  state: 'read' | 'missing' | 'unreadable'
  shape: Shape | null
  /** As the vault has it, read by the rules of the place. */
  isSame: boolean
  /** The vault's password where its token belongs. */
  isPassword: boolean
  /** The generations of Compose read it in two ways. */
  isAmbiguous: boolean
  /** Whether the file that it stands in is one that ComfyUI-Login itself reads. */
  isLoginFile: boolean
  /** Written after the service started; null: not known. */
  isNewer: boolean | null
  /** What the service said of it; null: it was not asked. */
  isAccepted: boolean | null
  /** A variable whose Compose files ask for the vault's value by now; it holds what it was made with. */
  isAskedFor: boolean
  /** What brings a change of it to the service. */
  needs: 'nothing' | 'restart' | 'recreate'
}

/** A finding of the linter that may be a cause, with what fixes it. */
export interface FileFinding {
  rule: string
  file: string
  line: number
  text: string
  fixId: string | null
  needs: 'nothing' | 'restart' | 'recreate'
}

/** Which GPU a service is meant for and given, and which it reports. */
export interface SeenCard {
  state: CardIdentity['services'][number]['state']
  reason: CardIdentity['services'][number]['reason']
  /** The fix of the Compose files that says which card is meant, and what the container then needs. */
  fix: { id: string; needs: 'none' | 'restart' | 'recreate'; files: { path: string; state: string }[] } | null
}

/** All that was found out about a service. Holds no secret. */
export interface Evidence {
  service: {
    id: string
    kind: ServiceKind
    runtime: RuntimeKind
    url: string
    /** Whether Regie can start and restart it. */
    isManaged: boolean
    runs: boolean
  }
  vault: 'open' | 'closed'
  credential: { id: string; scheme: Scheme; print: string | null; sinkIds: string[] } | null
  answers: Answers
  /** Who answers in the service's place, where it is known. */
  program: string | null
  /** An address at which the service itself answers. */
  otherAddress: string | null
  values: SeenValue[]
  /** The secret before the last change; null: there is none, or it was not asked. */
  previous: { print: string; isAccepted: boolean } | null
  /** A file that lets guests in, where one was found. */
  guestFile: string | null
  log: LogTraces & { read: boolean }
  /** Which GPU it asks for, and which it works on; null: that was not looked at, or it has none. */
  card: SeenCard | null
  files: { findings: FileFinding[]; states: { path: string; state: string }[] } | null
}
