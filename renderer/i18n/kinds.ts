import i18next from 'i18next'
import type { ServiceKind } from '../../shared/contract'

/** The program behind a kind of service, in a line; with the namespace `services` loaded. */
export const programWords = (kind: ServiceKind): string => i18next.t(`services:program.${kind}`)
