import type { AlertMute } from '../../shared/contract'
import type { KeptAlert } from './kept'

const covers = ({ scope }: AlertMute, { rule, about, subject }: KeptAlert): boolean => {
  switch (scope.what) {
    case 'all':
      return true
    case 'rule':
      return scope.rule === rule
    case 'alert':
      return scope.about === about
    case 'subject':
      return scope.subject === subject
  }
}

/** Mutes that have not ended. */
export const liveMutes = (mutes: readonly AlertMute[], now: number): AlertMute[] =>
  mutes.filter(({ until }) => until === null || until > now)

/** Whether an alert goes unsaid. */
export const isMuted = (mutes: readonly AlertMute[], alert: KeptAlert): boolean =>
  mutes.some((mute) => covers(mute, alert))
