import { cardFullPct, cardHotC, cardWarmC } from './cards'
import type { AttentionItem, AttentionKind } from './contract/attention'
import type { Language } from './problems'

/** How much an alert weighs: `critical` blocks work, or opens a door, and passes quiet hours. */
export const alertSeverities = ['info', 'warning', 'critical'] as const
export type AlertSeverity = (typeof alertSeverities)[number]

/** Where what a rule is about begins and ends; both are the same where nothing flutters. */
export interface AlertLimit {
  begins: number
  ends: number
}

interface RuleRow {
  /** What is the matter, in a few words; the subject stands beside it. */
  words: Record<Language, string>
  /** The things that need attention of which it tells. */
  kinds: readonly AttentionKind[]
  /** Only those with this reason. */
  problem?: string
  severity: AlertSeverity
  /** For how long it must last until it is told, in s. */
  forSec: number
  /** For how long it must be gone until it counts as over, in s. */
  overSec: number
  /** The figure that it hangs on: from `begins` on, and over at `ends`. */
  limit?: AlertLimit & {
    unit: 'celsius' | 'percent' | 'minutes' | 'hours' | 'days'
    is: 'above' | 'below'
    most: number
  }
}

export const alertRuleIds = [
  'crash-loop',
  'locked-out',
  'service-down',
  'vault-closed',
  'door-open',
  'gpu-lost',
  'disk-low',
  'backup-failed',
  'backup-incomplete',
  'backup-overdue',
  'leak-found',
  'drift',
  'rotation-failed',
  'update-failed',
  'golden-failed',
  'golden-slower',
  'queue-stuck',
  'gpu-hot',
  'gpu-slowed',
  'gpu-full',
  'undelivered',
  'certificate-ending',
  'key-ending',
  'rotation-due',
] as const
export type AlertRuleId = (typeof alertRuleIds)[number]

/**
 * Every rule there is, a row each. What is the matter is never decided here: a rule names what needs attention
 * (`GET /attention`), and for how long that must last. Where several fit, the first counts.
 */
export const alertRules: Record<AlertRuleId, RuleRow> = {
  'crash-loop': {
    words: { en: 'Service ends again and again', fr: 'Service qui s’arrête sans cesse' },
    kinds: ['check', 'service-unhealthy'],
    problem: 'check.restart-loop',
    ...{ severity: 'critical', forSec: 0, overSec: 120 },
  },
  'locked-out': {
    words: { en: 'Service refuses its credential', fr: 'Service qui refuse son identifiant' },
    kinds: ['service-locked-out', 'credential-refused'],
    ...{ severity: 'critical', forSec: 0, overSec: 0 },
  },
  'service-down': {
    words: { en: 'Service is unhealthy or unreachable', fr: 'Service en panne ou injoignable' },
    kinds: ['docker', 'service-unhealthy', 'service-unreachable', 'service-paused'],
    ...{ severity: 'critical', forSec: 60, overSec: 30 },
  },
  'vault-closed': {
    words: { en: 'Vault is closed', fr: 'Coffre fermé' },
    kinds: ['vault-locked', 'vault-waiting', 'vault-unreadable'],
    ...{ severity: 'critical', forSec: 120, overSec: 0 },
  },
  'door-open': {
    words: { en: 'Service answers without credentials', fr: 'Service accessible sans identifiant' },
    kinds: ['door-open'],
    ...{ severity: 'critical', forSec: 0, overSec: 0 },
  },
  'gpu-lost': {
    words: { en: 'Card is lost or needs a reset', fr: 'Carte perdue ou à réinitialiser' },
    kinds: ['gpu'],
    ...{ severity: 'critical', forSec: 10, overSec: 30 },
  },
  'disk-low': {
    words: { en: 'Disk is nearly full', fr: 'Disque presque plein' },
    kinds: ['disk-low'],
    ...{ severity: 'critical', forSec: 60, overSec: 60 },
    limit: { begins: 10, ends: 12, unit: 'percent', is: 'below', most: 90 },
  },
  'backup-failed': {
    words: { en: 'Backup failed', fr: 'Échec d’une sauvegarde' },
    kinds: ['backup-failed'],
    ...{ severity: 'warning', forSec: 0, overSec: 0 },
  },
  'backup-incomplete': {
    words: { en: 'Backup is incomplete', fr: 'Sauvegarde incomplète' },
    kinds: ['backup-incomplete'],
    ...{ severity: 'warning', forSec: 0, overSec: 0 },
  },
  'backup-overdue': {
    words: { en: 'No backup for too long', fr: 'Aucune sauvegarde depuis trop longtemps' },
    kinds: ['backup-overdue'],
    ...{ severity: 'critical', forSec: 0, overSec: 0 },
    limit: { begins: 48, ends: 48, unit: 'hours', is: 'above', most: 24 * 60 },
  },
  'leak-found': {
    words: { en: 'Secret found where it does not belong', fr: 'Secret trouvé là où il ne devrait pas être' },
    kinds: ['leak-found'],
    ...{ severity: 'critical', forSec: 0, overSec: 0 },
  },
  drift: {
    words: { en: 'Credential differs from the vault', fr: 'Identifiant différent du coffre' },
    kinds: ['credential-drifted'],
    ...{ severity: 'warning', forSec: 120, overSec: 0 },
  },
  'rotation-failed': {
    words: { en: 'Rotation failed', fr: 'Échec d’un renouvellement' },
    kinds: ['rotation-failed'],
    ...{ severity: 'warning', forSec: 0, overSec: 0 },
  },
  'update-failed': {
    words: { en: 'Update could not be rolled back', fr: 'Mise à jour impossible à annuler' },
    kinds: ['update-failed'],
    ...{ severity: 'critical', forSec: 0, overSec: 0 },
  },
  'golden-failed': {
    words: { en: 'Golden check failed', fr: 'Échec d’une vérification de référence' },
    kinds: ['golden-failed'],
    ...{ severity: 'warning', forSec: 0, overSec: 0 },
  },
  'golden-slower': {
    words: { en: 'Golden check slower', fr: 'Vérification de référence plus lente' },
    kinds: ['golden-slower'],
    ...{ severity: 'info', forSec: 0, overSec: 0 },
    limit: { begins: 30, ends: 30, unit: 'percent', is: 'above', most: 1000 },
  },
  'queue-stuck': {
    words: { en: 'Jobs wait too long', fr: 'Tâches qui attendent trop longtemps' },
    kinds: ['queue-stuck'],
    ...{ severity: 'warning', forSec: 60, overSec: 60 },
    limit: { begins: 10, ends: 5, unit: 'minutes', is: 'above', most: 24 * 60 },
  },
  'gpu-hot': {
    words: { en: 'Card is too hot', fr: 'Carte trop chaude' },
    kinds: ['gpu-hot'],
    ...{ severity: 'warning', forSec: 60, overSec: 30 },
    limit: { begins: cardHotC, ends: cardWarmC, unit: 'celsius', is: 'above', most: 150 },
  },
  'gpu-slowed': {
    words: { en: 'Card is slowed down', fr: 'Carte ralentie' },
    kinds: ['gpu-slowed'],
    ...{ severity: 'warning', forSec: 60, overSec: 60 },
  },
  'gpu-full': {
    words: { en: 'Card’s memory is full', fr: 'Mémoire de la carte pleine' },
    kinds: ['gpu-full'],
    ...{ severity: 'info', forSec: 300, overSec: 30 },
    // So much below its limit a full card counts as relieved: it would come and go at every picture.
    limit: { begins: cardFullPct, ends: cardFullPct - 3, unit: 'percent', is: 'above', most: 100 },
  },
  undelivered: {
    words: { en: 'Alerts cannot be delivered', fr: 'Alertes impossibles à envoyer' },
    kinds: ['alerts-undelivered'],
    ...{ severity: 'warning', forSec: 0, overSec: 0 },
  },
  'certificate-ending': {
    words: { en: 'Certificate ends soon', fr: 'Certificat qui expire bientôt' },
    kinds: ['certificate-ending'],
    ...{ severity: 'warning', forSec: 0, overSec: 0 },
    limit: { begins: 14, ends: 14, unit: 'days', is: 'below', most: 90 },
  },
  'key-ending': {
    words: { en: 'Key ends soon', fr: 'Clé qui expire bientôt' },
    kinds: ['key-ending'],
    ...{ severity: 'info', forSec: 0, overSec: 0 },
    limit: { begins: 7, ends: 7, unit: 'days', is: 'below', most: 90 },
  },
  'rotation-due': {
    words: { en: 'Rotation is due', fr: 'Renouvellement à faire' },
    kinds: ['rotation-due', 'rotation-postponed'],
    ...{ severity: 'info', forSec: 0, overSec: 0 },
  },
}

/** Whether there is such a rule. */
export const isAlertRule = (id: string): id is AlertRuleId => Object.hasOwn(alertRules, id)

/** The rule that tells of something; null where none does. */
export const alertRuleOf = ({ kind, reason }: Pick<AttentionItem, 'kind' | 'reason'>): AlertRuleId | null =>
  alertRuleIds.find((id) => {
    const { kinds, problem } = alertRules[id]
    return kinds.includes(kind) && (problem === undefined || problem === reason?.problem)
  }) ?? null

/** Where the rules' limits stand that attention itself goes by; a rule without one has none. */
export type AlertLimits = Partial<Record<AlertRuleId, AlertLimit>>
