import { lazy, Suspense, useState } from 'react';
import { useHotkeys } from './hotkeys';

const KeySheet = lazy(() => import('./KeySheet'));

/** `?` opens the keys that work on this page now. */
export function KeyHelp() {
  const [open, set_open] = useState(false);
  useHotkeys([{ keys: 'Shift+Slash', run: () => set_open((now) => !now) }]);
  return (
    open && (
      <Suspense>
        <KeySheet onClose={() => set_open(false)} />
      </Suspense>
    )
  );
}
