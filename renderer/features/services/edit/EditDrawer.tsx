import { ActionIcon, Modal, TextInput } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import { useEffect, useEffectEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Service } from '../../../../shared/contract'
import { kinds } from '../../../../shared/kinds'
import { serviceName } from '../../../../shared/service-name'
import ConfirmModal from '../../../ui/ConfirmModal'
import { useReturnFocus } from '../../../ui/useReturnFocus'
import { KindIcon } from '../KindIcon'
import { Conflicts } from './Conflicts'
import { Foot } from './Foot'
import { ConnectionPart, GeneralPart, RuntimePart } from './Parts'
import { useEditing, type Editing } from './useEditing'
import c from './Edit.module.css'

function Head({
  service,
  name,
  isNew,
  onClose,
}: Pick<EditDrawerProps, 'service' | 'onClose'> & { name: string; isNew: boolean }) {
  const { t } = useTranslation(['edit', 'common'])
  return (
    <header className={c.head}>
      <KindIcon kind={service.kind} />
      <div className={c.headText}>
        <h2>{t(isNew ? 'duplicateTitle' : 'title', { name })}</h2>
        <p>
          {t(isNew ? 'leadNew' : 'lead', {
            runtime: t(`runtime.${service.runtime}`),
            kind: kinds[service.kind].name,
            id: service.id,
          })}
        </p>
      </div>
      <ActionIcon variant="subtle" color="gray" onClick={onClose} aria-label={t('common:action.close')}>
        <IconX size={18} stroke={1.6} />
      </ActionIcon>
    </header>
  )
}

/** The id of a copy, made of its name until somebody types another. */
function IdField({ editing: { id, setId, idIssue, isChecked } }: { editing: Editing }) {
  const { t } = useTranslation(['edit', 'services'])
  return (
    <div className={c.section}>
      <div className={c.field}>
        <span className={c.label}>{t('id')}</span>
        <div className={c.control}>
          <TextInput
            value={id}
            onChange={(event) => setId(event.currentTarget.value.toLowerCase())}
            error={isChecked && idIssue !== null && t(`services:add.issue.${idIssue}`)}
            description={t('services:add.idNote')}
            aria-label={t('id')}
            classNames={{ input: 'mono' }}
            spellCheck={false}
          />
        </div>
      </div>
    </div>
  )
}

/** Ctrl S, wherever the focus is. */
function useSaveKey(save: () => void) {
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 's') return
    event.preventDefault()
    save()
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent) => onKey(event)
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
}

export interface EditDrawerProps {
  /** The service as it is now. */
  service: Service
  /** `duplicate`: a copy of it is filled in, and added. */
  mode: 'edit' | 'duplicate'
  onClose: () => void
}

/** Edits a service, or fills in a copy of one, beside the page that it was opened on. Mount it while it is open. */
export default function EditDrawer({ service: live, mode, onClose }: EditDrawerProps) {
  const { t } = useTranslation('edit')
  const isNew = mode === 'duplicate'
  const editing = useEditing({ live, isNew, onClose })
  const [asks, setAsks] = useState(false)
  // As it was opened: what somebody else calls it meanwhile is no other dialog.
  const [name] = useState(() => serviceName(live))
  useReturnFocus()
  const { changes, formRef, save, conflicts } = editing
  const close = () => (changes > 0 ? setAsks(true) : onClose())
  useSaveKey(() => {
    if (!asks && editing.isDirty && editing.demand !== 'stop') void save()
  })
  return (
    <Modal.Root opened onClose={close} size={720} padding={0} transitionProps={{ duration: 0 }} lockScroll={false}>
      <Modal.Overlay backgroundOpacity={0.5} />
      <Modal.Content className={c.drawer ?? ''} aria-label={t(isNew ? 'duplicateTitle' : 'title', { name })}>
        <form
          ref={formRef}
          className={c.form}
          noValidate
          onSubmit={(event) => {
            event.preventDefault()
            void save()
          }}
        >
          <Head {...{ service: live, name, isNew, onClose: close }} />
          <div className={c.body}>
            {conflicts && <Conflicts editing={editing} />}
            {isNew && <IdField editing={editing} />}
            <GeneralPart editing={editing} />
            <ConnectionPart editing={editing} />
            <RuntimePart editing={editing} />
          </div>
          <Foot editing={editing} />
        </form>
        {asks && (
          <ConfirmModal
            onClose={() => setAsks(false)}
            title={t('unsaved.title')}
            cancel={t('unsaved.keep')}
            confirm={t('unsaved.discard', { count: changes })}
            onConfirm={onClose}
          >
            <p>{t('unsaved.text')}</p>
          </ConfirmModal>
        )}
      </Modal.Content>
    </Modal.Root>
  )
}
