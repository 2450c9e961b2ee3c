// Says on the page of recordings that files wait for an answer, or that the watched folder is ill.
import { IconAlertCircle, IconAlertTriangle } from '@tabler/icons-react';
import { useT } from '../../../lib/lang';
import { Button } from '../../../ui/Button';
import { StateWord } from '../../../ui/StateWord';
import { useFolder, useUploads } from './uploads';

/** Only what is wrong: a folder that works says nothing. */
export function FolderTrouble() {
  const t = useT();
  const folder = useFolder().data;
  if (!folder?.path) return null;
  return (
    <>
      {folder.problem_text && (
        <StateWord icon={IconAlertCircle} tone="red" className="o-wraps">
          {folder.problem_text}
        </StateWord>
      )}
      {folder.strange.length > 0 && (
        <StateWord icon={IconAlertTriangle} tone="amber" className="o-wraps">
          {t('ui.upload.folder_strange', { names: folder.strange.join(', ') })}
        </StateWord>
      )}
    </>
  );
}

export function Waiting({ onOpen }: { onOpen: () => void }) {
  const t = useT();
  const items = useUploads().data?.items ?? [];
  const folder = useFolder().data;
  const asking = items.filter((one) => one.state === 'asking').length;
  const refused = items.filter((one) => one.state === 'refused' && one.from_folder).length;
  const ill = Boolean(folder?.problem) || (folder?.strange.length ?? 0) > 0;
  if (asking + refused === 0 && !ill) return null;
  return (
    <div className="o-points-part o-upload-waiting">
      <FolderTrouble />
      {asking + refused > 0 && (
        <div className="o-row">
          <StateWord icon={IconAlertTriangle} tone="amber" className="o-wraps">
            {[
              asking > 0 && t('ui.upload.asking_n', { n: asking }),
              refused > 0 && t('ui.upload.refused_n', { n: refused }),
            ]
              .filter(Boolean)
              .join(' · ')}
          </StateWord>
          <Button onClick={onOpen}>{t('ui.upload.look')}</Button>
        </div>
      )}
    </div>
  );
}
