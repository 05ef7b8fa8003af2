import { Button } from '@mantine/core'
import { IconBug } from '@tabler/icons-react'
import { Component, type ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Command, Empty } from './States'
import c from './States.module.css'

function Broken({ error }: { error: Error }) {
  const { t } = useTranslation()
  return (
    <main id="content" role="alert" className={c.broken}>
      <Empty
        icon={IconBug}
        title={t('state.bugTitle')}
        action={<Button onClick={() => location.reload()}>{t('action.reload')}</Button>}
      >
        {t('state.bugHint')}
      </Empty>
      <Command>{`${error.name}: ${error.message}`}</Command>
    </main>
  )
}

/** Shows a defect of the page in words, with a way on; React has only a class for this. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static getDerivedStateFromError(error: unknown) {
    return { error: error instanceof Error ? error : new Error(String(error)) }
  }

  override render() {
    return this.state.error ? <Broken error={this.state.error} /> : this.props.children
  }
}
