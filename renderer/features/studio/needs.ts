import { useTranslation } from 'react-i18next'
import type { Need } from '../../../shared/contract'

/** Names what is missing: a file with what it is and the folder that it belongs in, or a class of nodes. */
export function useNeedText(): (need: Need) => string {
  const { t } = useTranslation('studio')
  return (need) =>
    need.type === 'file'
      ? t('noModel.file', { role: t(`noModel.role.${need.role}`), file: need.name, folder: need.folder })
      : t('noModel.node', { name: need.name })
}
