// Puts a text on the clipboard and says so. Browsers have no clipboard outside https and localhost:
// there the button is absent and the text beside it can be marked by hand.
import { IconCheck, IconCopy } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '../lib/lang';
import { Button } from './Button';

export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useT();
  const [copied, set_copied] = useState<string>();
  if (!navigator.clipboard) return null;
  const done = copied === text; // another text in the same place is not copied yet
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => set_copied(text),
      () => set_copied(undefined),
    );
  return (
    <Button icon={done ? IconCheck : IconCopy} onClick={() => void copy()}>
      {done ? t('ui.copied') : label}
    </Button>
  );
}
