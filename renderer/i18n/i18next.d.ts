import type { DefaultNamespace, Namespace, ParseKeys } from 'i18next'
import type { en } from './en'

/** What a text is filled with. Options that change which keys there are, or what comes back, are not among it. */
type Values = Readonly<Record<string, unknown>> & {
  readonly [option in 'context' | 'defaultValue' | 'keyPrefix' | 'ns' | 'returnDetails' | 'returnObjects']?: never
}

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    resources: typeof en
  }

  // The usual call, which the compiler tries first. The library's own works out the keys anew for each type of options:
  // that was a quarter of all that checking the types costs. The keys are the same ones; any other call is the library's.
  interface TFunction<Ns extends Namespace = DefaultNamespace, KPrefix = undefined> {
    (key: KPrefix extends undefined ? ParseKeys<Ns> : never, values?: Values): string
  }
}
