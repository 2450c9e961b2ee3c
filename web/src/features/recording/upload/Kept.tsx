// What the server keeps of earlier sendings: unfinished files, questions, refusals of the folder.
import { IconX } from '@tabler/icons-react';
import { useT } from '../../../lib/lang';
import { percent, size_parts } from '../../../lib/numbers';
import { Button } from '../../../ui/Button';
import { why_of } from '../../../api/refusal';
import { toast } from '../../../ui/Toast';
import { Outcome } from './FileLine';
import { useQueue, type Upload } from './queue';
import { end_upload } from '../../../api/send_file';
import { useUploads, useUploadsChanged } from './uploads';

function Line({
  upload,
  recording_link,
}: {
  upload: Upload;
  recording_link: (id: string) => string;
}) {
  const t = useT();
  const changed = useUploadsChanged();
  const { value, unit } = size_parts(upload.bytes_total);
  const end = async () => {
    try {
      await end_upload(upload.id);
    } catch (error) {
      toast({ tone: 'red', text: why_of(error) });
    }
    changed();
  };
  return (
    <li>
      <div className="o-row">
        <b className="o-cut o-m" title={upload.name}>
          {upload.name}
        </b>
        <span className="o-3 o-nw">
          {t(`ui.size.${unit}`, { n: value })} · {upload.recorder_name}
          {upload.from_folder && ` · ${t('ui.upload.from_folder')}`}
        </span>
        <span className="o-sp" />
        <Button
          kind="ghost"
          icon={IconX}
          label={t(upload.state === 'refused' ? 'ui.upload.remove' : 'ui.upload.cancel_one', {
            name: upload.name,
          })}
          onClick={() => void end()}
        />
      </div>
      {upload.state === 'open' ? (
        <p className="o-2">
          {t('ui.upload.unfinished', {
            part: percent(upload.bytes_done / Math.max(1, upload.bytes_total), 0),
          })}
        </p>
      ) : (
        <Outcome upload={upload} recording_link={recording_link} />
      )}
    </li>
  );
}

export function Kept({ recording_link }: { recording_link: (id: string) => string }) {
  const t = useT();
  const mine = new Set(useQueue().map((one) => one.upload));
  const kept = (useUploads().data?.items ?? []).filter((one) => !mine.has(one.id));
  const groups = [
    { title: 'ui.upload.asking_title', of: kept.filter((one) => one.state === 'asking') },
    { title: 'ui.upload.unfinished_title', of: kept.filter((one) => one.state === 'open') },
    {
      title: 'ui.upload.refused_title',
      of: kept.filter((one) => one.state === 'refused' && one.from_folder),
    },
  ] as const;
  return groups
    .filter((group) => group.of.length > 0)
    .map((group) => (
      <section key={group.title} aria-label={t(group.title)}>
        <h3>{t(group.title)}</h3>
        <ul className="o-upload-files">
          {group.of.map((one) => (
            <Line key={one.id} upload={one} recording_link={recording_link} />
          ))}
        </ul>
      </section>
    ));
}
