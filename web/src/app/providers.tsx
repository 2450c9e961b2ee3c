// What every page stands in: theme, server cache.
import { MantineProvider, localStorageColorSchemeManager } from '@mantine/core';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { is_problem } from '../api/problem';
import { resolver, style_nonce, theme } from '../ui/theme';

const scheme = localStorageColorSchemeManager({ key: 'otklik.theme' });

/** Asked again only where it can help: the network or the server failed, not the request. */
export function worth_retry(count: number, error: unknown): boolean {
  if (count >= 2) return false;
  return !is_problem(error) || error.offline || error.status >= 500 || error.status === 429;
}

export function make_client(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        gcTime: 10 * 60_000,
        retry: worth_retry,
        refetchOnWindowFocus: false,
      },
      mutations: { retry: false },
    },
  });
}

export function Providers({ client, children }: { client: QueryClient; children: ReactNode }) {
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={resolver}
      colorSchemeManager={scheme}
      defaultColorScheme="auto"
      getStyleNonce={style_nonce}
      withStaticClasses
    >
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    </MantineProvider>
  );
}
