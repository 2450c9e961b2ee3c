// A list as a file of all its rows, CSV or Excel; a refusal is said in words.
import { Menu } from '@mantine/core';
import { IconFileDownload } from '@tabler/icons-react';
import { useState } from 'react';
import { useT } from '../lib/lang';
import { Button } from './Button';
import { toast } from './Toast';

export interface ListFile {
  blob: Blob;
  name: string;
}
export const list_formats = ['xlsx', 'csv'] as const;
export type ListFormat = (typeof list_formats)[number];

function save({ blob, name }: ListFile): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // the browser may still be reading it
}

export function ExportButton({
  make,
  why_of,
}: {
  make: (format: ListFormat) => Promise<ListFile>;
  why_of: (error: unknown) => string;
}) {
  const t = useT();
  const [busy, set_busy] = useState(false);
  const run = async (format: ListFormat) => {
    set_busy(true);
    try {
      save(await make(format));
    } catch (error) {
      toast({ tone: 'red', text: t('ui.export.failed', { why: why_of(error) }) });
    } finally {
      set_busy(false);
    }
  };
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button kind="ghost" icon={IconFileDownload} label={t('ui.export.menu')} busy={busy} />
      </Menu.Target>
      <Menu.Dropdown>
        {list_formats.map((format) => (
          <Menu.Item key={format} onClick={() => void run(format)}>
            {t(`ui.export.${format}`)}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
