// What is known of a recording's time and how well; doubt is shown, never left out.
import { useQuery } from '@tanstack/react-query';
import { get, id_part } from '../../../api/call';
import type { Given } from '../../../api/types';
import { useT } from '../../../lib/lang';
import { number } from '../../../lib/numbers';
import { seconds_of } from '../../../lib/sound';
import { clock_seconds, doubt, duration } from '../../../lib/times';

export function Clock({ recording }: { recording: string }) {
  const t = useT();
  const { data } = useQuery({
    queryKey: ['recording', 'clock', recording],
    queryFn: () => get<Given<'ClockView'>>(`/recordings/${id_part(recording)}/clock`),
  });
  if (!data) return null;
  return (
    <section className="o-repair-history">
      <h2>{t('ui.recording.clock')}</h2>
      <p className="o-2">
        {t('ui.recording.clock_known', { doubt: doubt(data.uncertainty_ms) })}{' '}
        {data.drift_ppm === null
          ? t('ui.recording.drift_unknown', { doubt: doubt(data.fit_uncertainty_ms) })
          : t('ui.recording.drift', { ppm: number(data.drift_ppm, 0) })}
      </p>
      <ul className="o-repair-list">
        {data.evidence.map((one) => (
          <li key={`${one.source}${one.created_at}${one.media_sample}`}>
            <b>{t(`ui.recording.evidence.${one.source}` as 'ui.recording.evidence.nudge')}</b>{' '}
            {duration(seconds_of(one.media_sample))} → {clock_seconds(one.at, data.zone)}{' '}
            {doubt(one.uncertainty_ms)}{' '}
            <span className={one.verdict === 'refused' ? 'o-amber' : 'o-3'}>
              {one.reason_text || t(`ui.recording.verdict.${one.verdict}`)}
            </span>
          </li>
        ))}
      </ul>
      {data.markers.length > 0 && (
        <>
          <h3>{t('ui.recording.marks')}</h3>
          <ul className="o-repair-list">
            {data.markers.map((one) => (
              <li key={one.marker_id}>
                {clock_seconds(one.played_at, data.zone)} {doubt(one.uncertainty_ms)}
                {one.media_sample !== null && ` → ${duration(seconds_of(one.media_sample))}`}{' '}
                <span className={one.turn === 'used' || one.turn === 'agrees' ? 'o-3' : 'o-amber'}>
                  {one.turn_text}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {data.scenes.length > 0 && (
        <>
          <h3>{t('ui.recording.scenes')}</h3>
          <ul className="o-repair-list">
            {data.scenes.map((one) => (
              <li key={one.other_id}>
                <span className={one.turn === 'refused' ? 'o-amber' : 'o-3'}>
                  {one.turn_text} ({number(one.pieces_agree, 0)}/{number(one.pieces, 0)})
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}
