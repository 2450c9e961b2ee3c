// What a repair would change: recordings, clips, checks; seen before anything is written.
import { IconAlertTriangle, IconCheck } from '@tabler/icons-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { useT } from '../../../lib/lang';
import { number } from '../../../lib/numbers';
import { kind_look } from '../../../lib/signal';
import { clock, clock_seconds, day_short, doubt, exact } from '../../../lib/times';
import { Button } from '../../../ui/Button';
import { StateWord } from '../../../ui/StateWord';
import type { Preview as Shown, PreviewClip, PreviewPart, Side } from './queries';

export interface RepairLinks {
  signal: (id: string) => string;
  recording: (id: string) => string;
  check: (id: string) => string;
}

const clips_first = 12;

/** «28 нояб. 09:00:00 ± 1 с». */
export function begin_words(side: Side): string {
  const { begin_at, zone, uncertainty_ms } = side;
  const time = `${clock_seconds(begin_at, zone)} ${doubt(uncertainty_ms)}`;
  return `${day_short(begin_at, zone)}, ${time}`;
}

function Change({ name, before, after }: { name: string; before: string; after: string }) {
  if (before === after) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>
        <s className="o-3">{before}</s> <b>{after}</b>
      </dd>
    </>
  );
}

function Warning({ children }: { children: string }) {
  return (
    <li>
      <StateWord icon={IconAlertTriangle} tone="amber" className="o-wraps">
        {children}
      </StateWord>
    </li>
  );
}

export function Sides({ before, after }: { before: Side; after: Side }) {
  const t = useT();
  return (
    <dl className="o-facts o-repair-change">
      <Change
        name={t('ui.recording.begins')}
        before={begin_words(before)}
        after={begin_words(after)}
      />
      <Change
        name={t('ui.repair.recorder')}
        before={before.recorder_name}
        after={after.recorder_name}
      />
      <Change name={t('ui.repair.point')} before={before.point_name} after={after.point_name} />
    </dl>
  );
}

function Part({ part, links }: { part: PreviewPart; links: RepairLinks }) {
  const t = useT();
  const { after } = part;
  const span = (one: { begin_at: string; end_at: string }) =>
    `${clock(one.begin_at, after.zone)}–${clock(one.end_at, after.zone)}`;
  return (
    <li>
      <Link className="o-link" to={links.recording(part.recording_id)}>
        {part.before.point_name}, {day_short(part.before.begin_at, part.before.zone)}{' '}
        {clock(part.before.begin_at, part.before.zone)}–
        {clock(part.before.end_at, part.before.zone)}
      </Link>
      <Sides before={part.before} after={after} />
      <ul className="o-repair-warnings">
        {part.placed_at !== undefined && part.placed_at !== null && (
          <Warning>
            {part.placed_at
              ? t('ui.repair.placed_at', { recorder: after.recorder_name, point: part.placed_at })
              : t('ui.repair.placed_nowhere', { recorder: after.recorder_name })}
          </Warning>
        )}
        {part.overlaps.map((one) => (
          <Warning key={one.recording_id}>
            {t(one.same_recorder ? 'ui.repair.overlap_same' : 'ui.repair.overlap', {
              recorder: one.recorder_name,
              time: span(one),
            })}
          </Warning>
        ))}
        {part.gaps.map((gap) => (
          <Warning key={`${gap.begin_at}${gap.cause}`}>
            {t(gap.cause === 'paused' ? 'ui.repair.pause' : 'ui.repair.gap', { time: span(gap) })}
          </Warning>
        ))}
      </ul>
    </li>
  );
}

function turn_words(t: ReturnType<typeof useT>, clip: PreviewClip): string {
  if (clip.turn === 'moves')
    return t((clip.moved_ms ?? 0) > 0 ? 'ui.repair.moves_later' : 'ui.repair.moves_earlier', {
      seconds: number(Math.abs(clip.moved_ms ?? 0) / 1000, 1),
    });
  return t(`ui.repair.${clip.turn}`);
}

function Clips({ shown, links }: { shown: Shown; links: RepairLinks }) {
  const t = useT();
  const [all, set_all] = useState(false);
  const { clips } = shown;
  if (clips.length === 0) return <p className="o-2">{t('ui.repair.no_clips')}</p>;
  return (
    <>
      <ul className="o-repair-clips">
        {(all ? clips : clips.slice(0, clips_first)).map((clip) => (
          <li key={clip.clip_id}>
            <Link className="o-link o-nw" to={links.signal(clip.signal_id)}>
              <span title={exact(clip.pressed_at, clip.zone)}>
                {day_short(clip.pressed_at, clip.zone)} {clock_seconds(clip.pressed_at, clip.zone)}
              </span>
            </Link>
            <span>
              {clip.point_name}, {kind_look(clip.kind).text}
            </span>
            <span
              className={clip.turn === 'loses' ? 'o-red' : clip.turn === 'gains' ? 'o-green' : ''}
            >
              {turn_words(t, clip)}
              {clip.missing_after_ms > clip.missing_ms && clip.turn !== 'loses' && (
                <> {t('ui.repair.missing', { seconds: number(clip.missing_after_ms / 1000, 0) })}</>
              )}
              {clip.checks_done > 0 && <> {t('ui.repair.checked', { n: clip.checks_done })}</>}
            </span>
          </li>
        ))}
      </ul>
      {clips.length > clips_first && !all && (
        <Button kind="ghost" onClick={() => set_all(true)}>
          {t('ui.repair.all_clips', { n: clips.length })}
        </Button>
      )}
      {shown.clips_cut_short && <p className="o-amber">{t('ui.repair.cut_short')}</p>}
    </>
  );
}

export function Preview({ shown, links }: { shown: Shown; links: RepairLinks }) {
  const t = useT();
  const count = (turn: string) => shown.clips.filter((one) => one.turn === turn).length;
  return (
    <div className="o-repair-preview">
      <h2>{t('ui.repair.will')}</h2>
      <ul className="o-repair-parts">
        {shown.recordings.map((part) => (
          <Part key={part.recording_id} part={part} links={links} />
        ))}
      </ul>
      <h2>{t('ui.repair.clips')}</h2>
      <p className="o-2">
        {t('ui.repair.sums', {
          gains: count('gains'),
          loses: count('loses'),
          moves: count('moves') + count('changes'),
        })}
      </p>
      <Clips shown={shown} links={links} />
      {shown.checks.length > 0 && (
        <>
          <h2>{t('ui.repair.checks')}</h2>
          <p className="o-2">{t('ui.repair.checks_stay')}</p>
          <ul className="o-repair-checks">
            {shown.checks.map((check) => (
              <li key={check.check_id}>
                <Link className="o-link" to={links.check(check.check_id)}>
                  {check.form_name}
                </Link>{' '}
                <span className="o-amber">
                  {check.over_press && t('ui.repair.over_press')}{' '}
                  {check.other_point && t('ui.repair.other_point')}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      <StateWord icon={IconCheck} tone="green" className="o-wraps">
        {t('ui.repair.nothing_yet')}
      </StateWord>
    </div>
  );
}
