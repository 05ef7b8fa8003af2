import { Button, Modal, SegmentedControl, TextInput } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import type { Machine } from '../../../shared/contract'
import { Failure } from '../../api/Failure'
import { api } from '../../api/query'
import { showDone } from '../../ui/toast'
import { useReturnFocus } from '../../ui/useReturnFocus'
import { freeId, slugOf } from '../services/slug'
import { Checks } from './Checks'
import { addressOf, draftOf, ways, type Draft } from './draft'
import c from '../../ui/Dialog.module.css'

interface MachineDialogProps {
  /** The one that is edited; null: a new one. */
  machine: Machine | null
  taken: readonly string[]
  onClose: () => void
}

interface FieldsProps {
  draft: Draft
  change: (part: Partial<Draft>) => void
}

/** The way to a machine, and what it asks for. */
function Fields(props: FieldsProps) {
  const { t } = useTranslation('machines')
  return (
    <>
      <SegmentedControl
        aria-label={t('form.way')}
        value={props.draft.way}
        onChange={(value) => props.change({ way: ways.find((way) => way === value) ?? props.draft.way })}
        data={ways.map((value) => ({ value, label: t(`form.ways.${value}`) }))}
      />
      <WayFields {...props} />
    </>
  )
}

function WayFields({ draft, change }: FieldsProps) {
  const { t } = useTranslation('machines')
  const field = (name: 'ssh' | 'tls' | 'certFolder' | 'context', placeholder: string) => (
    <TextInput
      label={t(`form.${name}`)}
      description={t(`form.${name}Hint`)}
      placeholder={placeholder}
      value={draft[name]}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
      classNames={{ input: 'mono' }}
      spellCheck={false}
      autoComplete="off"
    />
  )
  switch (draft.way) {
    case 'ssh':
      return field('ssh', 'regie@atelier')
    case 'tls':
      return (
        <>
          {field('tls', 'atelier:2376')}
          {field('certFolder', '/home/me/.docker/atelier')}
        </>
      )
    case 'context':
      return field('context', 'desktop-linux')
  }
}

/** Attaches, changes and tests; the dialog closes when it is saved. */
function useSaving(machine: Machine | null, name: string, onClose: () => void) {
  const { t } = useTranslation('machines')
  const cache = useQueryClient()
  const onSuccess = () => {
    void cache.invalidateQueries({ queryKey: api.machines.list.key() })
    showDone(t(machine ? 'form.changed' : 'form.attached', { name }))
    onClose()
  }
  return {
    create: useMutation(api.machines.create.mutationOptions({ meta: { quiet: true }, onSuccess })),
    update: useMutation(api.machines.update.mutationOptions({ meta: { quiet: true }, onSuccess })),
    test: useMutation(api.machines.testAddress.mutationOptions({ meta: { quiet: true } })),
  }
}

/** Attaches a machine, or changes how one is reached; what is typed can be tested first. Mount it while it is open. */
export default function MachineDialog({ machine, taken, onClose }: MachineDialogProps) {
  const { t } = useTranslation(['machines', 'common'])
  const [draft, setDraft] = useState(() => draftOf(machine))
  useReturnFocus()
  const address = addressOf(draft)
  const name = draft.name.trim()
  const { create, update, test } = useSaving(machine, name, onClose)
  const send = (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault()
    if (!address || name === '') return
    if (machine) update.mutate({ id: machine.id, name, address })
    else create.mutate({ id: freeId(slugOf(name) || 'machine', taken), name, address })
  }
  return (
    <Modal opened onClose={onClose} title={t(machine ? 'form.edit' : 'form.title')} size={560}>
      <form className={c.dialog} onSubmit={send} noValidate>
        <p>{t('form.text')}</p>
        <TextInput
          label={t('form.name')}
          placeholder="Atelier"
          value={draft.name}
          maxLength={64}
          onChange={(event) => setDraft({ ...draft, name: event.currentTarget.value })}
          data-autofocus
        />
        <Fields
          draft={draft}
          change={(part) => {
            test.reset()
            setDraft({ ...draft, ...part })
          }}
        />
        {test.data && <Checks test={test.data} />}
        <Failure error={create.error ?? update.error ?? test.error} />
        <footer className={c.foot}>
          <Button variant="default" onClick={onClose}>
            {t('common:action.cancel')}
          </Button>
          <Button
            variant="default"
            disabled={!address}
            loading={test.isPending}
            onClick={() => address && test.mutate({ address })}
          >
            {t('test.run')}
          </Button>
          <Button type="submit" disabled={!address || name === ''} loading={create.isPending || update.isPending}>
            {t(machine ? 'form.save' : 'form.attach')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
