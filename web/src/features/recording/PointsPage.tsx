// Is everything being recorded? Points with trouble first, the day of each as a strip.
import {
  IconAlertCircle,
  IconCircleCheck,
  IconClockPause,
  IconMicrophone,
  IconMicrophoneOff,
  IconUpload,
} from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { useSearchParams } from 'react-router';
import { cx } from '../../lib/cx';
import { t as word, useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { clock, day_heading, day_key, day_long, start_of_day } from '../../lib/times';
import { Button, ButtonLink } from '../../ui/Button';
import { DayField } from '../../ui/DayField';
import { Loaded } from '../../ui/Loaded';
import { EmptyState } from '../../ui/States';
import { StateWord } from '../../ui/StateWord';
import { put_in } from './address';
import { Alarms } from './Alarms';
import { BadSound } from './BadSound';
import {
  day_look,
  frame_of,
  is_today,
  minutes_of,
  rank,
  type DayLook,
  type Span,
} from './coverage';
import { DayStrip, StripHours, StripLegend } from './DayStrip';
import { Losses } from './Losses';
import { PointSide, type PointLinks } from './PointSide';
import { useCoverages, usePoints, useRecorders, type Point, type Recorder } from './queries';
import './recording.css';
import { Recordings } from './Recordings';
import { Asks } from './repair/Asks';
import { Upload } from './Upload';
import { dropped_files, type Dropped } from '../../lib/dropped';
import { Waiting } from './upload/Waiting';

export interface PointsProps {
  links: PointLinks;
  may_manage: boolean;
  may_import: boolean;
  /** The saved views of the recordings below. */
  views?: ReactNode;
}

/** How the point's live recorder stands now; files tell nothing of now. */
function live_look(recorders: readonly Recorder[], zone: string) {
  const live = recorders.find((one) => one.live_state !== 'none');
  const look = { icon: IconMicrophone, tone: 'green' as const, text: word('ui.points.live_on') };
  switch (live?.live_state) {
    case 'recording':
      return look;
    case 'paused':
      return {
        icon: IconClockPause,
        tone: 'amber' as const,
        text: word('ui.points.live_paused'),
      };
    case 'late':
    case 'silent': {
      const late = live.live_state === 'late';
      const at = live.live_until ? clock(Date.parse(live.live_until), zone) : '';
      const said = late ? 'ui.points.live_late' : 'ui.points.live_silent';
      return {
        icon: late ? IconClockPause : IconMicrophoneOff,
        tone: late ? ('amber' as const) : ('red' as const),
        text: at ? word(said, { time: at }) : word('ui.points.live_never'),
      };
    }
    default:
      return null;
  }
}

function state_of(point: Point, recorders: readonly Recorder[], now: number, look?: DayLook) {
  if (!point.basis_confirmed)
    return { icon: IconAlertCircle, tone: 'red' as const, text: word('ui.points.no_basis_short') };
  if (!look) return null;
  const live = is_today(look, now) ? live_look(recorders, look.zone) : null;
  if (live && live.tone !== 'green') return live;
  const waits = look.presses.filter((press) => press.silent).length;
  if (look.lost_ms > 0) {
    const text = word('ui.points.lost_n', { n: minutes_of(look.lost_ms) });
    return { icon: IconMicrophoneOff, tone: 'red' as const, text };
  }
  if (look.holes_ms > 0) {
    const text = word('ui.points.holes_n', { n: minutes_of(look.holes_ms) });
    return { icon: IconClockPause, tone: 'amber' as const, text };
  }
  if (waits > 0)
    return {
      icon: IconClockPause,
      tone: 'amber' as const,
      text: word('ui.points.presses_wait', { n: waits }),
    };
  if (live) return live;
  if (look.last)
    return {
      icon: IconCircleCheck,
      tone: 'quiet' as const,
      text: word('ui.points.covered', { time: clock(look.last, look.zone) }),
    };
  const text = word(recorders.length > 0 ? 'ui.points.nothing' : 'ui.points.no_recorder');
  return { icon: IconMicrophoneOff, tone: 'quiet' as const, text };
}

interface Line {
  point: Point;
  recorders: Recorder[];
  look?: DayLook;
}
const silent = ({ recorders }: Line) => recorders.some((one) => one.live_state === 'silent');

function Strip({
  line,
  frame,
  now,
  selected,
  onSelect,
}: {
  line: Line;
  frame: Span;
  now: number;
  selected: boolean;
  onSelect: () => void;
}) {
  const t = useT();
  const { point, recorders, look } = line;
  const state = state_of(point, recorders, now, look);
  const lost = minutes_of(look?.lost_ms ?? 0);
  // As everywhere: without sound is what will not get any; what waits is said beside the strip.
  const unheard = look?.presses.filter((press) => press.silent === 'lost').length ?? 0;
  return (
    <li className={cx('o-point', selected && 'o-on')}>
      <button type="button" className="o-point-open" aria-pressed={selected} onClick={onSelect}>
        <span className="o-m o-cut" title={point.name}>
          {point.name}
        </span>
        <span className="o-3 o-s o-cut">
          {recorders.map((one) => one.name).join(', ') || t('ui.points.no_recorder')}
        </span>
      </button>
      <div className="o-point-strip">
        {look ? (
          <DayStrip look={look} frame={frame} now={now} label={point.name} />
        ) : (
          <div className="o-strip" aria-busy="true">
            <div className="o-strip-ticks" />
            <div className="o-strip-bar" />
          </div>
        )}
        {state && (
          <StateWord icon={state.icon} tone={state.tone} small>
            {state.text}
          </StateWord>
        )}
      </div>
      <span className={cx('o-point-n', lost > 0 && 'o-red o-b')}>
        <span className="o-only-ph o-3">{t('ui.points.lost_min')}: </span>
        {look ? number(lost) : '…'}
      </span>
      <span className="o-point-n">
        <span className="o-only-ph o-3">{t('ui.points.silent_n')}: </span>
        {look ? number(unheard) : '…'}
      </span>
    </li>
  );
}

function useLines(
  points: readonly Point[],
  recorders: readonly Recorder[],
  day: string,
  now: number,
) {
  const asked = useCoverages(points, day);
  const lines = points.map((point, i): Line => {
    const held = asked[i]?.data;
    return {
      point,
      recorders: recorders.filter((one) => one.point_id === point.id && !one.archived_at),
      look: held && day_look(held, now),
    };
  });
  lines.sort(
    (a, b) =>
      rank(a.point, a.look, silent(a)) - rank(b.point, b.look, silent(b)) ||
      (b.look?.lost_ms ?? 0) - (a.look?.lost_ms ?? 0) ||
      a.point.name.localeCompare(b.point.name),
  );
  return { lines, failed: asked.find((one) => one.error && !one.data) };
}

/** The day in the address; else today, or the newest one with recordings while today is empty. */
function useDay(
  points: readonly Point[],
  recorders: readonly Recorder[],
  { chosen, today, zone }: { chosen: string | null; today: string; zone: string },
): string {
  const asked = useCoverages(points, chosen ?? today);
  if (chosen) return chosen;
  const empty = asked.every(
    ({ data }) => data && data.stretches.length + data.gaps.length + data.presses.length === 0,
  );
  const newest = recorders
    .flatMap((one) => (one.newest_end_at ? [one.newest_end_at] : []))
    .sort()
    .at(-1);
  return empty && newest ? day_key(newest, zone) : today;
}

const is_phone = () => window.matchMedia('(max-width: 640px)').matches;

function Body(props: PointsProps & { points: readonly Point[]; recorders: readonly Recorder[] }) {
  const { points, recorders, links, may_import, may_manage } = props;
  const t = useT();
  const [search, set_search] = useSearchParams();
  const put = (change: Record<string, string>, replace = true) =>
    set_search((held) => put_in(held, change), { replace });
  const zone = points[0]?.zone ?? 'UTC';
  const now = Date.now();
  const today = day_key(now, zone);
  const chosen_day = search.get('day');
  const day = useDay(points, recorders, { chosen: chosen_day, today, zone });
  const told = !chosen_day && day !== today;
  const { lines, failed } = useLines(points, recorders, day, now);
  const frame = frame_of(
    lines.flatMap((line) => (line.look ? [line.look] : [])),
    now,
  );
  const asked = search.get('point');
  const chosen = lines.find((one) => one.point.id === asked) ?? (is_phone() ? undefined : lines[0]);
  const uploading = search.get('upload') === '1' && may_import;
  const [dropped, set_dropped] = useState<Dropped>();
  const takes_files = may_import && recorders.length > 0;
  return (
    <div
      className={cx('o-points', asked && 'o-open')}
      onDragOver={(event) => takes_files && event.preventDefault()}
      onDrop={(event) => {
        if (!takes_files) return;
        event.preventDefault();
        put({ upload: '1' }, false);
        void dropped_files(event.dataTransfer).then(set_dropped);
      }}
    >
      <div className="o-points-main">
        <div className="o-top">
          <h1>{t('ui.place.points')}</h1>
          <span className="o-sp" />
          <DayField
            path="day"
            aria-label={t('ui.points.day')}
            value={day}
            max={today}
            onChange={(next) => put({ day: next })}
          />
          {may_import && recorders.length > 0 && (
            <Button icon={IconUpload} onClick={() => put({ upload: '1' }, false)}>
              {t('ui.upload.title')}
            </Button>
          )}
        </div>
        {uploading && (
          <Upload
            recorders={recorders.filter((one) => !one.archived_at)}
            points={points}
            point={chosen?.point.id}
            recording_link={links.recording}
            recorders_link={may_manage ? links.settings('recorders') : undefined}
            dropped={dropped}
            onClose={() => put({ upload: '' })}
          />
        )}
        {told && (
          <p className="o-day-told" role="status">
            <span className="o-2">
              {t('ui.points.newest_day', { day: day_long(`${day}T12:00:00Z`, 'UTC', now) })}
            </span>
            <Button kind="ghost" onClick={() => put({ day: today })}>
              {t('ui.points.show_today')}
            </Button>
          </p>
        )}
        <Alarms may_close={may_manage} letters={links.settings('letters')} />
        <div className="o-point o-point-head">
          <span className="o-3 o-s">{day_heading(start_of_day(day, zone), zone, now)}</span>
          <StripHours frame={frame} zone={zone} />
          <span className="o-3 o-s o-point-n">{t('ui.points.lost_min')}</span>
          <span className="o-3 o-s o-point-n">{t('ui.points.silent_n')}</span>
        </div>
        {failed ? (
          <Loaded asking={failed} title={t('ui.points.failed')}>
            {() => null}
          </Loaded>
        ) : (
          <ul className="o-point-list">
            {lines.map((line) => (
              <Strip
                key={line.point.id}
                line={line}
                frame={frame}
                now={now}
                selected={line.point.id === chosen?.point.id}
                onSelect={() => put({ point: line.point.id }, !is_phone())}
              />
            ))}
          </ul>
        )}
        {!failed && (
          <StripLegend today={lines.some((one) => one.look && is_today(one.look, now))} />
        )}
        {may_manage && <Asks link={links.recording} />}
        {may_import && !uploading && <Waiting onOpen={() => put({ upload: '1' }, false)} />}
        <Losses day={day} points={points} />
        {links.checked && <BadSound link={links.checked} />}
        <Recordings
          day={day}
          link={links.recording}
          may_import={may_import}
          repair_link={may_manage ? links.repair : undefined}
          views={props.views}
        />
      </div>
      {chosen && (
        <PointSide
          {...chosen}
          links={links}
          may_manage={may_manage}
          may_import={may_import}
          onUpload={() => put({ upload: '1', point: is_phone() ? '' : chosen.point.id }, false)}
          onBack={() => put({ point: '' })}
        />
      )}
    </div>
  );
}

export function PointsPage(props: PointsProps) {
  const t = useT();
  const points = usePoints();
  const recorders = useRecorders();
  return (
    <Loaded asking={points} title={t('ui.points.failed')} rows={6} height={72}>
      {(data) => {
        const open = data.items.filter((one) => !one.archived_at);
        if (open.length > 0)
          return <Body {...props} points={open} recorders={recorders.data?.items ?? []} />;
        return (
          <EmptyState
            icon={IconMicrophone}
            title={t('ui.points.empty')}
            what={t('ui.points.empty_what')}
            action={
              props.may_manage && (
                <ButtonLink kind="primary" to={props.links.settings('sites')}>
                  {t('ui.points.add')}
                </ButtonLink>
              )
            }
          />
        );
      }}
    </Loaded>
  );
}
