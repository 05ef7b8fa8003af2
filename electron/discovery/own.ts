import type { Scheme, SecretField } from '../../shared/contract'
import { kinds } from '../../shared/kinds'
import { allKinds, type Kind } from '../kinds'

/** What the name of a value tells about it. */
export interface Meaning {
  scheme: Scheme
  field: SecretField
  /** What belongs together: values of one topic are one credential, within their scope. */
  topic: string
  /** Which of several instances it is for, e.g. `qwen`; null when the name does not tell. */
  instance: string | null
  /** `instance`: one credential for each instance; `folder`: a name that everybody uses; `everywhere`: one in all. */
  scope: 'instance' | 'folder' | 'everywhere'
  /** It protects a service of this deployment; otherwise it opens somebody else's. */
  protects: boolean
}

/** What a part of the credential of a kind of backend is, wherever it stands. */
export const ownMeaning = ({ id, traces }: Kind, field: SecretField, instance: string | null = null): Meaning => ({
  ...{ scheme: kinds[id].scheme, field, topic: traces.topic, instance, scope: 'instance', protects: true },
})

/** What a variable says by its name of the credential of a kind of backend; null where it says nothing. */
export function ownMeaningOf(name: string): Meaning | null {
  for (const kind of allKinds) {
    const said = kind.traces.variable(name)
    if (said) return ownMeaning(kind, said.field, said.instance)
  }
  return null
}

/** Whether a topic is the credential of a kind of backend. */
export const isOwnTopic = (topic: string): boolean => allKinds.some(({ traces }) => traces.topic === topic)

function kindThat(does: string, is: (kind: Kind) => boolean): Kind {
  const found = allKinds.find(is)
  if (!found) throw new Error(`no kind of backend ${does}`)
  return found
}

/** Whose bcrypt hashes, sign-in files and session keys are, whatever their names. */
export const hashKind = kindThat('signs in by a hash', ({ id }) => kinds[id].scheme === 'comfyui-login')

/** Whose the logins among arguments are. */
export const argumentKind = kindThat('takes logins as arguments', ({ traces }) => traces.loginsInArguments)
