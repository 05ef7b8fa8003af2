import { Button, Modal } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { SupportContents } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { Loaded } from '../../api/Loaded'
import { client } from '../../api/client'
import { api } from '../../api/query'
import { formatSize } from '../../i18n/format'
import { CodeBlock } from '../../ui/CodeBlock'
import { saveFile } from '../../ui/save-file'
import c from '../../ui/Sheet.module.css'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import own from './Support.module.css'

/** All that a bundle holds, a file an entry, each to be opened. */
function Files({ files }: Pick<SupportContents, 'files'>) {
  const { t } = useTranslation('support')
  return (
    <div className={own.files}>
      {files.map(({ name, bytes, text }) => (
        <details key={name}>
          <summary>
            <code className="mono">{name}</code>
            <span>{formatSize(bytes)}</span>
          </summary>
          <CodeBlock name={name} copyLabel={t('copy', { name })}>
            {text}
          </CodeBlock>
        </details>
      ))}
    </div>
  )
}

/** Shows what is in a support bundle, and saves that very one. */
export default function SupportDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation(['support', 'common'])
  useReturnFocus()
  const contents = useQuery({ ...api.support.contents.queryOptions(), gcTime: 0, staleTime: Infinity })
  const save = useMutation({
    mutationFn: async (id: string) => saveFile((await client.support.download({ id })).body),
    onSuccess: () => {
      showDone(t('saved'))
      onClose()
    },
  })
  return (
    <Modal opened onClose={onClose} title={t('title')} size={760}>
      <div className={c.dialog}>
        <p className={c.text}>{t('text')}</p>
        <p className={c.text}>{t('without')}</p>
        <Loaded query={contents}>{({ files }) => <Files files={files} />}</Loaded>
        <Failure error={save.error} />
        <footer className={c.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button
            disabled={!contents.data}
            loading={save.isPending}
            onClick={() => contents.data && save.mutate(contents.data.id)}
          >
            {t('save')}
          </Button>
        </footer>
      </div>
    </Modal>
  )
}
