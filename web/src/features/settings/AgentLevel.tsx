// How loud a live recorder is: a bar per track, and whether that is enough.
import { cx } from '../../lib/cx';
import { why_of } from '../../api/refusal';
import { floor_db, level_of, on_meter, type Loudness } from '../../lib/loudness';
import { text_of, useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { useLevel } from './queries';

type Track = NonNullable<ReturnType<typeof useLevel>['data']>['tracks'][number];
const second = 10; // buckets of 100 ms
const tones: Record<Loudness, string> = {
  silent: 'o-red',
  quiet: 'o-amber',
  good: 'o-green',
  clipped: 'o-red',
};

function Meter({ track, alone }: { track: Track; alone: boolean }) {
  const t = useT();
  // The bar follows the last second; the word judges all ten, since people pause.
  const now = level_of(track.min.slice(-second), track.max.slice(-second));
  const { loudness, peak_db } = level_of(track.min, track.max);
  const name = alone
    ? t('ui.set.level')
    : (text_of(`ui.clip.role.${track.role}`) ?? t('ui.clip.role.other', { n: track.channel + 1 }));
  const word = t(`ui.set.level_${loudness}`, {
    db: peak_db === null ? '' : number(Math.round(peak_db)),
  });
  return (
    <div className="o-level">
      <span>{name}</span>
      <div
        className="o-level-bar"
        role="meter"
        aria-label={name}
        aria-valuemin={floor_db}
        aria-valuemax={0}
        aria-valuenow={Math.round(now.peak_db ?? floor_db)}
        aria-valuetext={word}
      >
        <i
          className={cx(loudness === 'clipped' && 'o-level-top')}
          style={{ width: `${Math.round(on_meter(now.peak_db) * 100)}%` }}
        />
      </div>
      <span className={tones[loudness]}>{word}</span>
    </div>
  );
}

export function AgentLevel({ recorder }: { recorder: string }) {
  const t = useT();
  const { data, error, fetchStatus } = useLevel(recorder);
  // The last reading would look like sound that still comes.
  if (error || fetchStatus === 'paused')
    return (
      <p className="o-amber">
        {t('ui.set.level_stuck', { why: why_of(error) || t('ui.error.offline') })}
      </p>
    );
  if (!data || data.live_state === 'none') return null;
  if (data.live_state === 'paused') return <p className="o-2">{t('ui.set.level_paused')}</p>;
  if (data.live_state === 'silent') return <p className="o-red">{t('ui.set.level_none')}</p>;
  return (
    <div className="o-levels">
      {data.tracks.map((track) => (
        <Meter key={track.channel} track={track} alone={data.tracks.length === 1} />
      ))}
    </div>
  );
}
