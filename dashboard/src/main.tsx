import './mantine.css'
import './global.css'
import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { RouterProvider } from '@tanstack/react-router'
import { setNonce } from 'get-nonce'
import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { keepFresh } from './api/freshness.ts'
import { Problem } from './api/problem.ts'
import { live } from './app/live.tsx'
import { router } from './app/router.tsx'
import { theme, variables } from './app/theme.ts'
import { PreferencesProvider } from './i18n/preferences.tsx'
import { ToastsProvider } from './parts/toasts.tsx'

const nonce = document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce ?? ''
setNonce(nonce)

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // The server may be this very machine: whether there is a network says nothing.
      networkMode: 'always',
      staleTime: 2_000,
      retry: (failures, error) => error instanceof Problem && error.isPassing && failures < 1,
      retryDelay: 500,
    },
    mutations: { networkMode: 'always', retry: false },
  },
})
keepFresh(client, live)

const root = document.getElementById('root')
if (root === null) throw new Error('the page has no root')
createRoot(root).render(
  <StrictMode>
    <MantineProvider
      theme={theme}
      cssVariablesResolver={variables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <PreferencesProvider>
        <QueryClientProvider client={client}>
          <ToastsProvider>
            <RouterProvider router={router} />
          </ToastsProvider>
        </QueryClientProvider>
      </PreferencesProvider>
    </MantineProvider>
  </StrictMode>,
)
// After what is looked at first: until then the letters of the system do.
void import('./app/fonts.ts')
