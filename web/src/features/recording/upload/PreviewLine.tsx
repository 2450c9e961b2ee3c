// What importing a file would do, before anything is stored.
import { IconAlertTriangle, IconClockPlay } from '@tabler/icons-react';
import { Link } from 'react-router';
import { text_of, useT } from '../../../lib/lang';
import { number } from '../../../lib/numbers';
import { clock, day_short, doubt, duration, exact } from '../../../lib/times';
import { Button } from '../../../ui/Button';
import { CheckField } from '../../../ui/Fields';
import { StateWord } from '../../../ui/StateWord';
import type { Preview } from './queue';

const seconds = (ms: number) => duration(ms / 1000);

export function PreviewLine({
  preview,
  name,
  sure,
  recording_link,
  onShift,
  onSure,
}: {
  preview: Preview;
  name: string;
  sure: boolean;
  recording_link: (id: string) => string;
  /** Moves the start by what the clocks say. */
  onShift?: (ms: number) => void;
  onSure?: (sure: boolean) => void;
}) {
  const t = useT();
  const { zone, begin_at, end_at } = preview;
  const waiting = preview.presses_waiting;
  const shift = preview.zone_shift_ms;
  return (
    <div className="o-preview">
      <p title={exact(begin_at, zone, preview.uncertainty_ms)}>
        <b className="o-m">{preview.point_name}</b>
        {' · '}
        {day_short(begin_at, zone)} {clock(begin_at, zone)}
        {end_at && `–${clock(end_at, zone)}`}
        <span className="o-3">
          {' '}
          {doubt(preview.uncertainty_ms)} · {text_of(`ui.recording.source.${preview.start_source}`)}
        </span>
      </p>
      {waiting != null && (
        <StateWord icon={IconClockPlay} tone={waiting > 0 ? 'text' : 'quiet'} small>
          {t('ui.preview.presses', { n: waiting })}
        </StateWord>
      )}
      {end_at == null && <p className="o-3 o-s">{t('ui.preview.length_later')}</p>}
      {preview.gap_before_ms != null && (
        <p className="o-3 o-s">
          {t('ui.preview.gap_before', { gap: seconds(preview.gap_before_ms) })}
        </p>
      )}
      {preview.gap_after_ms != null && (
        <p className="o-3 o-s">
          {t('ui.preview.gap_after', { gap: seconds(preview.gap_after_ms) })}
        </p>
      )}
      {preview.overlaps.length > 0 && (
        <p className="o-amber">
          <IconAlertTriangle size={14} aria-hidden />{' '}
          {t('ui.preview.overlaps', { n: preview.overlaps.length })}{' '}
          {preview.overlaps.slice(0, 3).map((one) => (
            <Link key={one.recording_id} className="o-link" to={recording_link(one.recording_id)}>
              {clock(one.begin_at, zone)}–{clock(one.end_at, zone)}{' '}
            </Link>
          ))}
        </p>
      )}
      {shift != null && shift !== 0 && (
        <p className="o-amber" role="status">
          <IconAlertTriangle size={14} aria-hidden />{' '}
          {t('ui.preview.zone', {
            hours: number(Math.abs(shift) / 3_600_000, shift % 3_600_000 ? 1 : 0),
          })}{' '}
          {onShift && (
            <Button kind="ghost" onClick={() => onShift(shift)}>
              {t(shift > 0 ? 'ui.preview.shift_later' : 'ui.preview.shift_earlier', {
                gap: seconds(Math.abs(shift)),
              })}
            </Button>
          )}
        </p>
      )}
      {preview.ahead && (
        <div className="o-amber" role="alert">
          <p>{t('ui.preview.ahead')}</p>
          {onSure && (
            <CheckField
              path={`sure ${name}`}
              label={t('ui.preview.sure')}
              checked={sure}
              onChange={(event) => onSure(event.currentTarget.checked)}
            />
          )}
        </div>
      )}
    </div>
  );
}
