// What the server asks of a file that is whole: its start, or whether an odd one is meant so.
import { IconAlertTriangle } from '@tabler/icons-react';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'react-router';
import { get, id_part } from '../../../api/call';
import { is_problem } from '../../../api/problem';
import { why_of } from '../../../api/refusal';
import { useT } from '../../../lib/lang';
import { local_instant } from '../../../lib/times';
import { Button } from '../../../ui/Button';
import { DayField } from '../../../ui/DayField';
import { NumberField } from '../../../ui/Fields';
import { Form } from '../../../ui/Form';
import { StateWord } from '../../../ui/StateWord';
import { TimeField } from '../../../ui/TimeField';
import { usePoints, useRecorders } from '../queries';
import { PreviewLine } from './PreviewLine';
import { answer, type Preview, type Upload } from './queue';
import { useUploadsChanged } from './uploads';

/** Answered by saying again that it is meant so. */
const confirmed = ['start.ahead', 'recording.same_content_other_start'];
/** The rest but these is mended elsewhere (basis, placement) and tried again. */
const wants_start = ['start.unknown', 'start.impossible', ...confirmed];

export function Question({
  upload,
  recording_link,
}: {
  upload: Upload;
  recording_link: (id: string) => string;
}) {
  const t = useT();
  const changed = useUploadsChanged();
  const recorder = useRecorders().data?.items.find((one) => one.id === upload.recorder_id);
  const zone = usePoints().data?.items.find((one) => one.id === recorder?.point_id)?.zone ?? 'UTC';
  const [day, set_day] = useState('');
  const [time, set_time] = useState('');
  const [doubt_s, set_doubt] = useState(60);
  const [busy, set_busy] = useState(false);
  const [why, set_why] = useState('');
  const at = day && time ? local_instant(day, time, zone) : undefined;
  const starts_at = at === undefined ? undefined : new Date(at).toISOString();
  const preview = useQuery({
    queryKey: ['upload', 'preview', upload.id, starts_at],
    queryFn: () => get<Preview>(`/uploads/${id_part(upload.id)}/preview`, { starts_at }),
    retry: false,
    enabled: starts_at !== undefined || confirmed.includes(upload.reason),
  });
  const say = async (sure: boolean) => {
    set_busy(true);
    try {
      const start = starts_at ? { starts_at, start_uncertainty_ms: doubt_s * 1000 } : {};
      await answer(upload.id, { ...start, sure });
    } catch (error) {
      set_why(why_of(error));
    }
    set_busy(false);
    changed();
  };
  const is_sure = confirmed.includes(upload.reason) && !starts_at;
  return (
    <Form className="o-question" onSubmit={() => void say(is_sure || Boolean(preview.data?.ahead))}>
      <StateWord icon={IconAlertTriangle} tone="amber" className="o-wraps">
        {upload.reason_text}
      </StateWord>
      {upload.recording_id && (
        <Link className="o-link" to={recording_link(upload.recording_id)}>
          {t('ui.upload.open_earlier')}
        </Link>
      )}
      {wants_start.includes(upload.reason) && (
        <div className="o-upload-start">
          <DayField
            path={`day ${upload.id}`}
            label={t('ui.upload.day')}
            value={day}
            onChange={set_day}
          />
          <TimeField
            path={`time ${upload.id}`}
            seconds
            label={t('ui.upload.time')}
            value={time}
            onChange={set_time}
          />
          <NumberField
            path={`doubt ${upload.id}`}
            label={t('ui.upload.doubt')}
            value={doubt_s}
            min={0}
            max={86_400}
            onChange={(value) => set_doubt(Number(value) || 0)}
          />
        </div>
      )}
      {preview.data && (
        <PreviewLine
          preview={preview.data}
          name={upload.name}
          sure={false}
          recording_link={recording_link}
        />
      )}
      {starts_at && is_problem(preview.error) && (
        <p className="o-red" role="alert">
          {why_of(preview.error)}
        </p>
      )}
      {why && (
        <p className="o-red" role="alert">
          {why}
        </p>
      )}
      <div className="o-row">
        <Button
          kind="primary"
          busy={busy}
          reason={
            upload.reason.startsWith('start.') && !starts_at && !is_sure
              ? t('ui.upload.say_start')
              : undefined
          }
          type="submit"
        >
          {t(
            is_sure
              ? upload.reason === 'start.ahead'
                ? 'ui.upload.start_is_right'
                : 'ui.upload.second'
              : wants_start.includes(upload.reason)
                ? 'ui.upload.take'
                : 'ui.upload.try_again',
          )}
        </Button>
      </div>
    </Form>
  );
}
