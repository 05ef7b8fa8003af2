import { ActionIcon, Button, FileButton, Modal, TextInput } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { IconCheck, IconDownload, IconFileImport, IconPencil, IconTrash, IconX } from '@tabler/icons-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { PresetName, type Preset } from '../../../shared/contract'
import { api, queryClient } from '../../api/query'
import { saveFile } from '../../ui/save-file'
import { showDone, showFailed } from '../../ui/toast'
import { Tooltip } from '../../ui/Tooltip'
import { useReturnFocus } from '../../ui/useReturnFocus'
import c from './Presets.module.css'
import { contentOf, fileOf, formOf, freeName, readPresetFile } from './presets'
import { setForm, useStudio } from './store'

const nothing: Preset[] = []
const listAgain = () => void queryClient.invalidateQueries({ queryKey: api.presets.list.key() })

/** The forms that whoever is here keeps: use, rename, replace, share as a file, delete; keep this one, import another. */
export default function PresetsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation('studio')
  useReturnFocus()
  const list = useQuery(api.presets.list.queryOptions()).data ?? nothing
  return (
    <Modal opened onClose={onClose} title={t('presets.title')} size={560}>
      <SaveThis list={list} />
      {list.length === 0 ? (
        <p className={c.none}>{t('presets.none')}</p>
      ) : (
        <ul className={c.list} aria-label={t('presets.title')}>
          {list.map((preset) => (
            <Line key={preset.id} preset={preset} onUsed={onClose} />
          ))}
        </ul>
      )}
      <Import list={list} />
    </Modal>
  )
}

/** Keeps the present form; under a name that is there it replaces what is kept. */
function SaveThis({ list }: { list: Preset[] }) {
  const { t } = useTranslation('studio')
  const { form } = useStudio()
  const [name, setName] = useState('')
  const same = list.find((one) => one.name.toLowerCase() === name.trim().toLowerCase())
  const done = () => {
    listAgain()
    setName('')
    showDone(t('presets.saved', { name: name.trim() }))
  }
  const save = useMutation(api.presets.save.mutationOptions({ onSuccess: done }))
  const change = useMutation(api.presets.change.mutationOptions({ onSuccess: done }))
  const isWrong = name !== '' && !PresetName.safeParse(name).success
  const submit = () => {
    if (name.trim() === '' || isWrong) return
    if (same) change.mutate({ id: same.id, content: contentOf(form) })
    else save.mutate({ name, content: contentOf(form) })
  }
  return (
    <form
      className={c.save}
      onSubmit={(event) => {
        event.preventDefault()
        submit()
      }}
    >
      <TextInput
        data-autofocus
        label={t('presets.saveAs')}
        placeholder={t('presets.namePlaceholder')}
        value={name}
        maxLength={80}
        error={isWrong && t('presets.wrongName')}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Button type="submit" disabled={name.trim() === ''} loading={save.isPending || change.isPending}>
        {t(same ? 'presets.replace' : 'presets.save')}
      </Button>
    </form>
  )
}

function Line({ preset, onUsed }: { preset: Preset; onUsed: () => void }) {
  const { t } = useTranslation('studio')
  const { form } = useStudio()
  const [isRenaming, setRenaming] = useState(false)
  const save = useMutation(api.presets.save.mutationOptions({ onSuccess: listAgain }))
  const remove = useMutation(
    api.presets.remove.mutationOptions({
      onSuccess: ({ name, content }) => {
        listAgain()
        showDone(t('presets.deleted', { name }), { undo: () => save.mutate({ name, content }) })
      },
    }),
  )
  if (isRenaming) return <Rename preset={preset} onDone={() => setRenaming(false)} />
  const use = () => {
    setForm(formOf(preset.content, form))
    showDone(t('presets.used', { name: preset.name }))
    onUsed()
  }
  const { name, content } = preset
  return (
    <li>
      <button type="button" className={c.use} onClick={use} aria-label={t('presets.use', { name })}>
        <b>{name}</b>
        <small>{content.prompt === '' ? t('presets.noPrompt') : content.prompt}</small>
      </button>
      <Tool label={t('presets.rename', { name })} onClick={() => setRenaming(true)}>
        <IconPencil size={16} stroke={1.6} />
      </Tool>
      <Tool label={t('presets.export', { name })} onClick={() => saveFile(fileOf(preset))}>
        <IconDownload size={16} stroke={1.6} />
      </Tool>
      <Tool label={t('presets.delete', { name })} onClick={() => remove.mutate({ id: preset.id })}>
        <IconTrash size={16} stroke={1.6} />
      </Tool>
    </li>
  )
}

function Rename({ preset, onDone }: { preset: Preset; onDone: () => void }) {
  const { t } = useTranslation('studio')
  const [name, setName] = useState(preset.name)
  const change = useMutation(
    api.presets.change.mutationOptions({
      onSuccess: () => {
        listAgain()
        onDone()
      },
    }),
  )
  const isWrong = !PresetName.safeParse(name).success
  return (
    <li>
      <form
        className={c.rename}
        onSubmit={(event) => {
          event.preventDefault()
          if (!isWrong) change.mutate({ id: preset.id, name })
        }}
        onKeyDown={(event) => {
          if (event.key !== 'Escape') return
          event.stopPropagation()
          onDone()
        }}
      >
        <TextInput
          autoFocus
          aria-label={t('presets.newName')}
          value={name}
          maxLength={80}
          error={isWrong}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Tool label={t('presets.renameDone')} type="submit">
          <IconCheck size={16} />
        </Tool>
        <Tool label={t('presets.renameCancel')} onClick={onDone}>
          <IconX size={16} />
        </Tool>
      </form>
    </li>
  )
}

interface ToolProps {
  label: string
  onClick?: () => void
  type?: 'submit'
  children: React.ReactNode
}

const Tool = ({ label, onClick, type, children }: ToolProps) => (
  <Tooltip label={label}>
    <ActionIcon variant="subtle" color="gray" type={type ?? 'button'} aria-label={label} onClick={onClick}>
      {children}
    </ActionIcon>
  </Tooltip>
)

function Import({ list }: { list: Preset[] }) {
  const { t } = useTranslation('studio')
  const save = useMutation(
    api.presets.save.mutationOptions({
      onSuccess: ({ name }) => {
        listAgain()
        showDone(t('presets.imported', { name }))
      },
    }),
  )
  const take = async (file: File | null) => {
    if (!file) return
    const preset = await readPresetFile(file)
    if (!preset) showFailed(t('presets.notOne', { file: file.name }), t('presets.notOneHint'))
    else
      save.mutate({
        ...preset,
        name: freeName(
          preset.name,
          list.map(({ name }) => name),
        ),
      })
  }
  return (
    <FileButton accept=".json,application/json" onChange={(file) => void take(file)}>
      {(props) => (
        <Button {...props} variant="default" leftSection={<IconFileImport size={16} stroke={1.6} />}>
          {t('presets.import')}
        </Button>
      )}
    </FileButton>
  )
}
