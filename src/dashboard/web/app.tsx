import { MantineProvider } from '@mantine/core';
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import type { createPageRouter } from './router.tsx';
import { cssVariables, theme } from './theme.ts';

/** The page, whichever its address. */
export function App({ answers, router }: AppProps) {
  return (
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto">
        <QueryClientProvider client={answers}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>
  );
}

/** What it needs. */
export interface AppProps {
  readonly answers: QueryClient;
  readonly router: ReturnType<typeof createPageRouter>;
}
