// Long work that goes on while other pages are shown: a loaded feature puts its line here.
import { useSyncExternalStore, type ReactNode } from 'react';

let line: ReactNode = null;
const watchers = new Set<() => void>();

export function show_behind(next: ReactNode): void {
  line = next;
  watchers.forEach((told) => told());
}

export function Behind() {
  return useSyncExternalStore(
    (told) => {
      watchers.add(told);
      return () => watchers.delete(told);
    },
    () => line,
  );
}
