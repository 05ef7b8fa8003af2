import type { ExposureGrade } from '../../../shared/contract'
import c from './Grade.module.css'

const tones: Record<ExposureGrade, 'good' | 'warn' | 'bad'> = {
  A: 'good',
  B: 'good',
  C: 'warn',
  D: 'bad',
  E: 'bad',
  F: 'bad',
}

/** A grade as a letter; good ones stay grey, so that a safe page is quiet. Its meaning is said beside it. */
export function Grade({ grade, size = 'small' }: { grade: ExposureGrade | null; size?: 'small' | 'large' }) {
  return (
    <span className={c.grade} data-tone={grade === null ? 'quiet' : tones[grade]} data-size={size} aria-hidden>
      {grade ?? '–'}
    </span>
  )
}
