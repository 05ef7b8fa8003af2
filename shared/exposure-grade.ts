import type { ExposureGrade } from './contract'

/** Grades at which somebody without credentials gets at more than facts; D is what only the machine itself reaches. */
const open: ReadonlySet<ExposureGrade> = new Set<ExposureGrade>(['E', 'F'])

/** Whether a service with this grade lets strangers in; null, of a test that could not tell, does not say so. */
export const letsStrangersIn = (grade: ExposureGrade | null): boolean => grade !== null && open.has(grade)
