import '@mantine/core/styles/Radio.css'
import { Button, Checkbox, Modal, NumberInput, Radio, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { RotationPolicy, type Credential } from '../../../../shared/contract'
import { api } from '../../../api/query'
import { Failure } from '../../../api/Failure'
import { showDone } from '../../../ui/toast'
import { currentLanguage } from '../../../i18n'
import c from './Policy.module.css'
import page from '../Credentials.module.css'
import { dayName } from './schedules'

const modes = RotationPolicy.shape.mode.unwrap().options
type Mode = RotationPolicy['mode']
const isMode = (text: string): text is Mode => (modes as readonly string[]).includes(text)
const week = [1, 2, 3, 4, 5, 6, 7]

interface WindowFieldsProps {
  window: RotationPolicy['window']
  onChange: (window: RotationPolicy['window']) => void
  /** Paths of the fields that are not right. */
  wrong: ReadonlySet<string>
}

/** When Regie may rotate by itself. */
function WindowFields({ window, onChange, wrong }: WindowFieldsProps) {
  const { t } = useTranslation('policy')
  return (
    <>
      <div className={c.times}>
        {(['from', 'to'] as const).map((end) => (
          <TextInput
            key={end}
            type="time"
            label={t(`dialog.${end}`)}
            value={window[end]}
            onChange={({ currentTarget }) => onChange({ ...window, [end]: currentTarget.value })}
            error={wrong.has(`window.${end}`) && t('dialog.badTime')}
          />
        ))}
        {window.to <= window.from && <span className="dim">{t('dialog.nextDay')}</span>}
      </div>
      <Checkbox.Group
        label={t('dialog.days')}
        value={window.days.map(String)}
        onChange={(days) => onChange({ ...window, days: days.map(Number) })}
        error={wrong.has('window.days') && t('dialog.noDay')}
      >
        <div className={c.week}>
          {week.map((day) => (
            <Checkbox key={day} value={String(day)} label={dayName(day, currentLanguage(), 'short')} />
          ))}
        </div>
      </Checkbox.Group>
    </>
  )
}

function ModeField({ mode, onChange }: { mode: Mode; onChange: (mode: Mode) => void }) {
  const { t } = useTranslation('policy')
  return (
    <Radio.Group label={t('dialog.mode')} value={mode} onChange={(value) => isMode(value) && onChange(value)}>
      <div className={c.modes}>
        {modes.map((value) => (
          <Radio key={value} value={value} label={t(`dialog.${value}`)} description={t(`dialog.${value}Text`)} />
        ))}
      </div>
    </Radio.Group>
  )
}

/** As typed: a number's field holds text while it is no number. */
type Draft = Omit<RotationPolicy, 'everyDays' | 'graceHours'> & Record<'everyDays' | 'graceHours', number | string>

/** The policy as it is being changed, and what is wrong with it once it was to be saved. */
function usePolicy(id: string, policy: RotationPolicy, onSaved: () => void) {
  const { t } = useTranslation('policy')
  const [draft, setDraft] = useState<Draft>(policy)
  const [isChecked, setChecked] = useState(false)
  const save = useMutation(
    api.credentials.setPolicy.mutationOptions({
      onSuccess: () => {
        showDone(t('dialog.saved', { id }))
        onSaved()
      },
    }),
  )
  const change = (part: Partial<Draft>) => setDraft((now) => ({ ...now, ...part }))
  const read = RotationPolicy.safeParse(draft)
  const wrong = new Set(isChecked ? read.error?.issues.map(({ path }) => path.join('.')) : [])
  const submit = () => {
    setChecked(true)
    if (read.success) save.mutate({ id, policy: read.data })
  }
  return { draft, change, wrong, submit, isSaving: save.isPending, error: save.error }
}

interface PolicyDialogProps {
  credential: Credential
  policy: RotationPolicy
  onClose: () => void
}

/** How often a credential is rotated, and by whom. Mount it only while it is open. */
export default function PolicyDialog({ credential: { id, serviceIds }, policy, onClose }: PolicyDialogProps) {
  const { t } = useTranslation('policy')
  const { draft, change, wrong, submit, isSaving, error } = usePolicy(id, policy, onClose)
  const { mode, everyDays, graceHours, window } = draft
  return (
    <Modal opened onClose={onClose} title={t('dialog.title', { id })} size={560}>
      <form
        className={page.dialog}
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        <ModeField mode={mode} onChange={(value) => change({ mode: value })} />
        {mode === 'automatic' && serviceIds.length === 0 && <p role="status">{t('dialog.noService')}</p>}
        {mode !== 'off' && (
          <NumberInput
            className={c.number}
            label={t('dialog.every')}
            suffix={` ${t('dialog.everyUnit')}`}
            min={1}
            max={3650}
            allowDecimal={false}
            value={everyDays}
            onChange={(value) => change({ everyDays: value })}
            error={wrong.has('everyDays') && t('dialog.badDays')}
          />
        )}
        {mode === 'automatic' && (
          <WindowFields window={window} onChange={(value) => change({ window: value })} wrong={wrong} />
        )}
        <NumberInput
          className={c.number}
          label={t('dialog.grace')}
          description={t('dialog.graceText')}
          suffix={` ${t('dialog.graceUnit')}`}
          min={0}
          max={24 * 90}
          allowDecimal={false}
          value={graceHours}
          onChange={(value) => change({ graceHours: value })}
          error={wrong.has('graceHours') && t('dialog.badGrace')}
        />
        <Failure error={error} />
        <footer className={page.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {t('dialog.cancel')}
          </Button>
          <Button type="submit" loading={isSaving}>
            {t('dialog.save')}
          </Button>
        </footer>
      </form>
    </Modal>
  )
}
