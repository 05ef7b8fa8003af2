import '../ui/theme/mantine.css'
import '@fontsource-variable/inter/opsz.css'
import '@fontsource-variable/jetbrains-mono'
import '../ui/theme/tokens.css'
import '../ui/theme/overrides.css'
import '../ui/theme/forced-colors.css'
import { MantineProvider } from '@mantine/core'
import { QueryClientProvider } from '@tanstack/react-query'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { queryClient } from '../api/query'
import { App } from './App'
import { ErrorBoundary } from '../ui/ErrorBoundary'
import { startI18n } from '../i18n'
import { currentConnection } from '../api/live'
import { dropDeadStyles, knowWhetherItAnswers } from '../ui/parts'
import { Toaster } from '../ui/toast'
import { cssVariablesResolver, theme } from '../ui/theme/theme'

/** The content security policy lets in only the style elements that carry this page's nonce. */
const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? ''

const root = document.getElementById('root')
if (!root) throw new Error('index.html has no #root')

dropDeadStyles()
knowWhetherItAnswers(() => currentConnection() === 'online')
await startI18n()
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      defaultColorScheme="dark"
      cssVariablesResolver={cssVariablesResolver}
      getStyleNonce={() => nonce}
    >
      <QueryClientProvider client={queryClient}>
        <Toaster />
        <ErrorBoundary>
          <App />
        </ErrorBoundary>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
)

// boot.js has nothing more to look after: it loads the page again where its first files do not arrive.
document.dispatchEvent(new Event('regie:started'))
