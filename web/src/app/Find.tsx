import { lazy, Suspense, useState } from 'react';
import { more_words, useT } from '../lib/lang';
import { useHotkeys } from '../ui/hotkeys';

const FindSheet = lazy(async () => {
  const [sheet] = await Promise.all([import('./FindSheet'), more_words()]);
  return sheet;
});

/** `Ctrl K` opens anything by its name. */
export function Find() {
  const t = useT();
  const [open, set_open] = useState(false);
  useHotkeys([
    {
      keys: 'Ctrl+KeyK',
      run: () => set_open((now) => !now),
      help: t('ui.keys.find'),
      group: t('ui.keys.page'),
    },
  ]);
  return (
    open && (
      <Suspense>
        <FindSheet onClose={() => set_open(false)} />
      </Suspense>
    )
  );
}
