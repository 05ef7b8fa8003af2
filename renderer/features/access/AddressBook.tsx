import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import c from '../../ui/Sheet.module.css'
import own from './Access.module.css'

interface AddProps {
  of: 'addresses' | 'proxies'
  type: 'url' | 'text'
  /** The address in its usual spelling; null for what is none. */
  read: (text: string) => string | null
  taken: readonly string[]
  isBusy: boolean
  onAdd: (address: string, done: () => void) => void
}

function AddAddress({ of, type, read, taken, isBusy, onAdd }: AddProps) {
  const { t } = useTranslation('access')
  const [text, setText] = useState('')
  const [error, setError] = useState<'bad' | 'twice' | null>(null)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const address = read(text.trim())
    const found = address === null ? 'bad' : taken.includes(address) ? 'twice' : null
    setError(found)
    if (address !== null && found === null) onAdd(address, () => setText(''))
  }
  return (
    <form onSubmit={submit} className={own.adding} noValidate>
      <TextInput
        label={t(`${of}.label`)}
        placeholder={t(`${of}.placeholder`)}
        type={type}
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value)
          setError(null)
        }}
        error={error && t(`${of}.${error}`)}
      />
      <Button type="submit" variant="default" disabled={text.trim() === ''} loading={isBusy}>
        {t(`${of}.add`)}
      </Button>
    </form>
  )
}

interface ListProps {
  of: 'addresses' | 'proxies'
  /** Those of the command line, which only a restart changes. */
  fixed: readonly string[]
  added: readonly string[]
  isBusy: boolean
  onChange: (added: string[]) => void
}

function List({ of, fixed, added, isBusy, onChange }: ListProps) {
  const { t } = useTranslation('access')
  return (
    <ul className={`${c.list} ${own.addresses}`}>
      {fixed.map((address) => (
        <li key={address}>
          <code className="mono">{address}</code>
          <span className={c.label}>{t(`${of}.fixed`)}</span>
        </li>
      ))}
      {added.map((address) => {
        const isHere = of === 'addresses' && address === location.origin
        const label = isHere ? t('addresses.removeHere') : t(`${of}.remove`, { address })
        return (
          <li key={address}>
            <code className="mono">{address}</code>
            {isHere && <span className={c.label}>{t('addresses.here')}</span>}
            <ActionIcon
              variant="subtle"
              aria-label={label}
              title={label}
              disabled={isHere || isBusy}
              onClick={() => onChange(added.filter((each) => each !== address))}
            >
              <IconTrash size={16} stroke={1.6} />
            </ActionIcon>
          </li>
        )
      })}
    </ul>
  )
}

interface AddressBookProps extends Omit<AddProps, 'taken' | 'onAdd'>, Omit<ListProps, 'onChange'> {
  /** `done` is called once they are kept. */
  onChange: (added: string[], done?: () => void) => void
}

/** Addresses of one purpose: those of the command line, and those that can be added and removed here. */
export function AddressBook({ of, type, read, fixed, added, isBusy, onChange }: AddressBookProps) {
  const { t } = useTranslation('access')
  const taken = [...fixed, ...added]
  return (
    <>
      {taken.length > 0 ? (
        <List {...{ of, fixed, added, isBusy }} onChange={(left) => onChange(left)} />
      ) : (
        <p className={c.text}>{t(`${of}.none`)}</p>
      )}
      <AddAddress
        {...{ of, type, read, taken, isBusy }}
        onAdd={(address, done) => onChange([...added, address], done)}
      />
    </>
  )
}
