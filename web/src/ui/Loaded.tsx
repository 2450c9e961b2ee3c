// What was asked of the server: grey blocks, the fault with a way to ask again, or the answer.
import type { ReactNode } from 'react';
import { ErrorState, Skeleton, type Trouble } from './States';

export interface Asking<T> {
  data?: T;
  error: unknown;
  refetch: () => unknown;
}

function trouble_of(error: unknown): Trouble {
  if (typeof error === 'object' && error !== null && 'title' in error) return error as Trouble;
  return { status: 0, title: String(error) };
}

export function Loaded<T>({
  asking,
  title,
  rows = 6,
  height = 36,
  children,
}: {
  asking: Asking<T>;
  /** What did not happen: «Список не загружен». */
  title: string;
  rows?: number;
  height?: number;
  children: (data: T) => ReactNode;
}) {
  if (asking.data !== undefined) return <>{children(asking.data)}</>;
  if (asking.error)
    return (
      <ErrorState
        title={title}
        error={trouble_of(asking.error)}
        onRetry={() => void asking.refetch()}
      />
    );
  return <Skeleton rows={rows} height={height} />;
}
