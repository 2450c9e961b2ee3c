// One file of the queue: its start, what its import would do, how far it is, what became of it.
import { IconAlertCircle, IconCheck, IconWifiOff, IconX } from '@tabler/icons-react';
import { Link } from 'react-router';
import { text_of, useT } from '../../../lib/lang';
import { percent, size_parts } from '../../../lib/numbers';
import { clock_seconds, day_key } from '../../../lib/times';
import { Button } from '../../../ui/Button';
import { DayField } from '../../../ui/DayField';
import { NumberField } from '../../../ui/Fields';
import { StateWord } from '../../../ui/StateWord';
import { TimeField } from '../../../ui/TimeField';
import { PreviewLine } from './PreviewLine';
import { Question } from './Question';
import { amend, is_open, remove, stop, type Item, type Upload } from './queue';

type RecordingLink = (id: string) => string;

function Start({ item }: { item: Item }) {
  const t = useT();
  const state = (by: Partial<Item>) => amend(item.id, { ...by, stated: true });
  return (
    <>
      <div className="o-upload-start">
        <DayField
          path={`day${item.id}`}
          label={t('ui.upload.day')}
          value={item.day}
          onChange={(day) => state({ day })}
        />
        <TimeField
          path={`time${item.id}`}
          seconds
          label={t('ui.upload.time')}
          value={item.time}
          onChange={(time) => state({ time })}
        />
        {item.stated && (
          <NumberField
            path={`doubt${item.id}`}
            label={t('ui.upload.doubt')}
            value={item.doubt_s}
            min={0}
            max={86_400}
            onChange={(value) => amend(item.id, { doubt_s: Number(value) || 0 })}
          />
        )}
      </div>
      <p className="o-3 o-s">
        {t(item.stated ? 'ui.upload.stated' : item.named ? 'ui.upload.named' : 'ui.upload.unnamed')}
      </p>
    </>
  );
}

function Ahead({ item, recording_link }: { item: Item; recording_link: RecordingLink }) {
  const { preview, preview_why } = item;
  if (preview)
    return (
      <PreviewLine
        preview={preview}
        name={item.file.name}
        sure={item.sure}
        recording_link={recording_link}
        onSure={(sure) => amend(item.id, { sure })}
        onShift={(ms) => {
          const at = new Date(preview.begin_at).getTime() + ms;
          amend(item.id, {
            day: day_key(at, preview.zone),
            time: clock_seconds(at, preview.zone),
            stated: true,
          });
        }}
      />
    );
  // The file itself may still tell its start: that is no fault.
  if (!preview_why || preview_why.code === 'start.unknown') return null;
  return (
    <StateWord icon={IconAlertCircle} tone="red" className="o-wraps">
      {preview_why.text}
    </StateWord>
  );
}

function Sending({ item }: { item: Item }) {
  const t = useT();
  const share = item.file.size > 0 ? item.sent / item.file.size : 1;
  const word =
    item.stage === 'queued'
      ? t('ui.upload.queued')
      : item.stage === 'reading'
        ? t('ui.upload.reading')
        : percent(share, 0);
  return (
    <div className="o-row">
      <progress
        value={item.stage === 'reading' ? undefined : share}
        max={1}
        aria-label={item.file.name}
      />
      {item.waits ? (
        <StateWord icon={IconWifiOff} tone="amber">
          {t('ui.upload.waits')}
        </StateWord>
      ) : (
        <span className="o-3 o-nw">{word}</span>
      )}
      {item.stage !== 'reading' && (
        <Button
          kind="ghost"
          icon={IconX}
          label={t('ui.upload.cancel_one', { name: item.file.name })}
          onClick={() => stop(item.id)}
        />
      )}
    </div>
  );
}

export function Outcome({
  upload,
  recording_link,
}: {
  upload: Upload;
  recording_link: RecordingLink;
}) {
  const t = useT();
  if (upload.state === 'asking')
    return <Question key={upload.changed_at} upload={upload} recording_link={recording_link} />;
  if (upload.state !== 'done')
    return (
      <div role="alert">
        <StateWord icon={IconAlertCircle} tone="red" className="o-wraps">
          {upload.reason_text}
        </StateWord>
      </div>
    );
  return (
    <div role="status">
      <StateWord icon={IconCheck} tone="green">
        {t(upload.already_there ? 'ui.upload.already' : 'ui.upload.done')}
      </StateWord>{' '}
      {upload.recording_id && (
        <Link className="o-link" to={recording_link(upload.recording_id)}>
          {t(upload.already_there ? 'ui.upload.open_earlier' : 'ui.upload.open')}
        </Link>
      )}
      {upload.warnings.map((code) => (
        <p key={code} className="o-amber">
          {text_of(`error.${code}`) ?? code}
        </p>
      ))}
    </div>
  );
}

export function FileLine({ item, recording_link }: { item: Item; recording_link: RecordingLink }) {
  const t = useT();
  const { value, unit } = size_parts(item.file.size);
  const open = is_open(item);
  return (
    <li>
      <div className="o-row">
        <b className="o-cut o-m" title={item.file.name}>
          {item.file.name}
        </b>
        <span className="o-3 o-nw">{t(`ui.size.${unit}`, { n: value })}</span>
        <span className="o-sp" />
        {(open || item.stage === 'settled') && (
          <Button
            kind="ghost"
            icon={IconX}
            label={t('ui.upload.remove', { name: item.file.name })}
            onClick={() => remove(item.id)}
          />
        )}
      </div>
      {open && item.sent > 0 && (
        <p className="o-2">
          {t('ui.upload.goes_on', { part: percent(item.sent / item.file.size, 0) })}
        </p>
      )}
      {open && <Start item={item} />}
      {open && <Ahead item={item} recording_link={recording_link} />}
      {item.stage === 'stopped' && (
        <p className="o-2" role="status">
          {t('ui.upload.cancelled')}
        </p>
      )}
      {item.stage === 'failed' && (
        <div role="alert">
          <StateWord icon={IconAlertCircle} tone="red" className="o-wraps">
            {item.why}
          </StateWord>
        </div>
      )}
      {['queued', 'sending', 'reading'].includes(item.stage) && <Sending item={item} />}
      {item.stage === 'settled' && item.outcome && (
        <Outcome upload={item.outcome} recording_link={recording_link} />
      )}
    </li>
  );
}
