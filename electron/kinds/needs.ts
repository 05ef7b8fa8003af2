import type { Need } from '../../shared/contract'

/** Where a need belongs, in a form that is the same in every language. */
export const needText = (need: Need): string => (need.type === 'file' ? `${need.folder}/${need.name}` : need.name)
