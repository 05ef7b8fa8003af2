import { Button, TextInput, type TextInputProps } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { api } from '../../../api/query'
import { useSession } from '../../../api/useSession'
import c from './Add.module.css'

interface PathFieldProps extends Omit<TextInputProps, 'onChange' | 'value'> {
  value: string
  onChange: (path: string) => void
  kind?: 'folder' | 'file'
  /** Names the button for those who do not see which field it stands beside. */
  name: string
}

/** A path on the panel's machine: typed, or chosen in the desktop's own dialog where there is one. */
export function PathField({ value, onChange, kind = 'folder', name, ...others }: PathFieldProps) {
  const { t } = useTranslation('add')
  const isDesktop = useSession().data?.door === 'desktop'
  const choose = useMutation(
    api.system.choosePath.mutationOptions({
      onSuccess: ({ path }) => {
        if (path !== null) onChange(path)
      },
    }),
  )
  return (
    <div className={c.path}>
      <TextInput
        {...others}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        classNames={{ input: 'mono' }}
        spellCheck={false}
        autoComplete="off"
      />
      {isDesktop && (
        <Button
          variant="default"
          loading={choose.isPending}
          onClick={() => choose.mutate({ kind, ...(value.trim() !== '' && { from: value.trim() }) })}
          aria-label={t('choosePath', { name })}
        >
          {t('chooseButton')}
        </Button>
      )}
    </div>
  )
}
