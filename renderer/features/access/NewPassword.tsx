import { PasswordInput } from '@mantine/core'
import { useTranslation } from 'react-i18next'

const leastCharacters = 8
const mostBytes = 72

export interface PasswordDraft {
  password: string
  repeated: string
}

/** What is wrong with a new password, by field. */
export function issuesOf({ password, repeated }: PasswordDraft) {
  const isShort = password.length < leastCharacters
  const isLong = new TextEncoder().encode(password).length > mostBytes
  const issues = {
    password: isShort ? ('short' as const) : isLong ? ('long' as const) : null,
    repeated: password === repeated ? null : ('differs' as const),
  }
  return { ...issues, isSound: issues.password === null && issues.repeated === null }
}

interface NewPasswordProps {
  draft: PasswordDraft
  onChange: (draft: PasswordDraft) => void
  /** Whether it was to be sent, so that what is wrong is said. */
  isChecked: boolean
  isFirst: boolean
}

/** A new password, and the same again. */
export function NewPassword({ draft, onChange, isChecked, isFirst }: NewPasswordProps) {
  const { t } = useTranslation('access')
  const { password, repeated } = issuesOf(draft)
  return (
    <>
      <PasswordInput
        label={t('passwords.new')}
        description={t('passwords.rule')}
        value={draft.password}
        onChange={(event) => onChange({ ...draft, password: event.currentTarget.value })}
        error={isChecked && password && t(`passwords.${password}`)}
        autoComplete="new-password"
        data-autofocus={isFirst || undefined}
      />
      <PasswordInput
        label={t('passwords.repeat')}
        value={draft.repeated}
        onChange={(event) => onChange({ ...draft, repeated: event.currentTarget.value })}
        error={isChecked && repeated && t(`passwords.${repeated}`)}
        autoComplete="new-password"
      />
    </>
  )
}
