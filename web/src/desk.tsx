// Everything behind the sign-in page; loaded apart from it.
import type { ReactNode } from 'react';
import { flushSync } from 'react-dom';
import { RouterProvider } from 'react-router';
import { make_client, Providers } from './app/providers';
import { make_router } from './app/routes';

export async function desk(): Promise<ReactNode> {
  if (import.meta.env.DEV && location.pathname.startsWith('/playground')) {
    const { Playground } = await import('./playground/Playground');
    return (
      <Providers client={make_client()}>
        <Playground />
      </Providers>
    );
  }
  return (
    <Providers client={make_client()}>
      <RouterProvider router={make_router()} flushSync={(draw) => void flushSync(draw)} />
    </Providers>
  );
}
