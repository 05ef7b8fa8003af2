import { ActionIcon, Button, Modal, NumberInput } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { CardLane } from '../../../../shared/contract'
import { Failure } from '../../../api/Failure'
import { api, queryClient } from '../../../api/query'
import { formatInteger } from '../../../i18n/format'
import dialog from '../../../ui/Dialog.module.css'
import { useReturnFocus } from '../../../ui/useReturnFocus'

interface EditNeedProps {
  lane: CardLane
  /** What the service is called. */
  name: string
  totalMiB: number | null
}

function NeedDialog({ lane, name, totalMiB, onClose }: EditNeedProps & { onClose: () => void }) {
  const { t } = useTranslation(['card', 'common'])
  useReturnFocus()
  const [mib, setMib] = useState<string | number>(lane.needFrom === 'limit' ? (lane.needMiB ?? '') : '')
  const save = useMutation(
    api.services.update.mutationOptions({
      meta: { quiet: true },
      onSuccess: () => {
        void queryClient.invalidateQueries({ queryKey: api.gpus.turns.key() })
        onClose()
      },
    }),
  )
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    save.mutate({ id: lane.serviceId, vramLimitMiB: typeof mib === 'number' ? mib : null })
  }
  return (
    <Modal opened onClose={onClose} title={t('edit.title', { name })} size={460}>
      <form className={dialog.dialog} onSubmit={submit}>
        <NumberInput
          label={t('edit.label')}
          description={t('edit.note')}
          suffix={t('edit.suffix')}
          value={mib}
          onChange={setMib}
          min={1}
          {...(totalMiB !== null && { max: totalMiB })}
          allowDecimal={false}
          thousandSeparator=" "
          placeholder={
            lane.needFrom === 'seen' && lane.needMiB !== null
              ? t('edit.seen', { mib: formatInteger(lane.needMiB) })
              : t('edit.unset')
          }
          data-autofocus
        />
        <Failure error={save.error} />
        <footer className={dialog.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button type="submit" loading={save.isPending}>
            {t('edit.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}

/** Sets by hand what a service needs of its card, or leaves it to what is measured again. */
export function EditNeed(props: EditNeedProps) {
  const { t } = useTranslation('card')
  const [isOpen, setOpen] = useState(false)
  return (
    <>
      <ActionIcon
        variant="subtle"
        color="gray"
        size={24}
        aria-label={t('edit.open', { name: props.name })}
        onClick={() => setOpen(true)}
      >
        <IconPencil size={13} stroke={1.6} />
      </ActionIcon>
      {isOpen && <NeedDialog {...props} onClose={() => setOpen(false)} />}
    </>
  )
}
