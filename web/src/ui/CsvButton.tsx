// A list as a file of all its rows; a refusal is said in words.
import { IconFileDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '../lib/lang';
import { Button } from './Button';
import { toast } from './Toast';

export interface CsvFile {
  blob: Blob;
  name: string;
}

function save({ blob, name }: CsvFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser may still be reading it
}

export function CsvButton({
  make,
  why_of,
}: {
  make: () => Promise<CsvFile>;
  why_of: (error: unknown) => string;
}) {
  const t = useT();
  const [busy, set_busy] = useState(false);
  const run = async () => {
    set_busy(true);
    try {
      save(await make());
    } catch (error) {
      toast({ tone: 'red', text: t('ui.csv.failed', { why: why_of(error) }) });
    } finally {
      set_busy(false);
    }
  };
  return (
    <Button
      kind="ghost"
      icon={IconFileDownload}
      label={t('ui.csv.get')}
      busy={busy}
      onClick={() => void run()}
    />
  );
}
