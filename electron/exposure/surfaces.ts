import type { ExposureRow, ServiceKind } from '../../shared/contract'
import { kindOf } from '../kinds'
import { mustRefuse, type Exposure, type ExposureContext, type Judge } from '../kinds/surfaces'
import type { ExposureQuestion } from './ask'

export interface ExposedSurface extends Pick<ExposureRow, 'id' | 'purpose' | 'stake' | 'with' | 'expected'> {
  question: ExposureQuestion
  /** The question as it is shown. */
  shown: string
  sets?: Exposure['sets']
  judge: Judge
}

/** What the first questions of a round told, before anything was asked. */
export const untold: ExposureContext = { api: 'unreachable', ui: 'unreachable' }

/** What a stranger could ask of a service. Everything reads: no POST, since those make pictures. */
export const exposedSurfaces = (kind: ServiceKind): ExposedSurface[] =>
  kindOf(kind).surfaces.flatMap(({ id, method, path, headers, exposure }) => {
    if (!exposure || method === 'POST') return []
    const { query = '', readsBody = false, with: asked = 'nothing', expected = 'refusal', ...about } = exposure
    const question = { method, path: path + query, readsBody, ...(headers ? { headers } : {}) }
    return {
      judge: mustRefuse,
      ...about,
      id,
      with: asked,
      expected,
      question,
      shown: `${method} ${question.path}`,
    }
  })
