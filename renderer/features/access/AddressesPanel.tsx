import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState, type SubmitEvent } from 'react'
import { useTranslation } from 'react-i18next'
import { readPublicOrigin } from '../../../shared/public-origin'
import { api, queryClient } from '../../api/query'
import { Panel } from '../../ui/Panel'
import { Loaded } from '../../api/Loaded'
import { useIsAdmin, useSession } from '../../api/useSession'
import c from '../../ui/Sheet.module.css'
import own from './Access.module.css'

interface AddProps {
  taken: readonly string[]
  isBusy: boolean
  onAdd: (address: string, done: () => void) => void
}

function AddAddress({ taken, isBusy, onAdd }: AddProps) {
  const { t } = useTranslation('access')
  const [text, setText] = useState('')
  const [error, setError] = useState<'bad' | 'twice' | null>(null)
  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    const origin = readPublicOrigin(text.trim())
    const found = origin === null ? 'bad' : taken.includes(origin) ? 'twice' : null
    setError(found)
    if (origin !== null && found === null) onAdd(origin, () => setText(''))
  }
  return (
    <form onSubmit={submit} className={own.adding} noValidate>
      <TextInput
        label={t('addresses.label')}
        placeholder={t('addresses.placeholder')}
        type="url"
        value={text}
        onChange={({ currentTarget }) => {
          setText(currentTarget.value)
          setError(null)
        }}
        error={error && t(`addresses.${error}`)}
      />
      <Button type="submit" variant="default" disabled={text.trim() === ''} loading={isBusy}>
        {t('addresses.add')}
      </Button>
    </form>
  )
}

interface AddressesProps {
  /** Those of the command line, which only a restart changes. */
  fixed: readonly string[]
  added: readonly string[]
  isBusy: boolean
  onChange: (added: string[]) => void
}

function Addresses({ fixed, added, isBusy, onChange }: AddressesProps) {
  const { t } = useTranslation('access')
  return (
    <ul className={`${c.list} ${own.addresses}`}>
      {fixed.map((address) => (
        <li key={address}>
          <code className="mono">{address}</code>
          <span className={c.label}>{t('addresses.fixed')}</span>
        </li>
      ))}
      {added.map((address) => {
        const isHere = address === location.origin
        const label = isHere ? t('addresses.removeHere') : t('addresses.remove', { address })
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

/** Under which addresses others reach the panel through a reverse proxy or a tunnel. In a browser only. */
export function AddressesPanel() {
  const { t } = useTranslation('access')
  const isAdmin = useIsAdmin()
  const isHttp = useSession().data?.door === 'http'
  const addresses = useQuery({ ...api.access.addresses.queryOptions(), enabled: isAdmin && isHttp })
  const change = useMutation(
    api.access.setAddresses.mutationOptions({
      onSuccess: (changed) => queryClient.setQueryData(api.access.addresses.queryKey(), changed),
    }),
  )
  if (!isAdmin || !isHttp) return null
  return (
    <Panel title={t('addresses.title')}>
      <p className={c.text}>
        {t('addresses.text')} {t('addresses.local')}
      </p>
      <Loaded query={addresses}>
        {({ fixed, added }) => (
          <>
            {fixed.length + added.length > 0 ? (
              <Addresses
                fixed={fixed}
                added={added}
                isBusy={change.isPending}
                onChange={(addresses) => change.mutate({ addresses })}
              />
            ) : (
              <p className={c.text}>{t('addresses.none')}</p>
            )}
            <AddAddress
              taken={[...fixed, ...added]}
              isBusy={change.isPending}
              onAdd={(address, done) => change.mutate({ addresses: [...added, address] }, { onSuccess: done })}
            />
          </>
        )}
      </Loaded>
    </Panel>
  )
}
