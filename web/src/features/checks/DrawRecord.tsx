// A drawn interval: its wave and words; the press does not count here, so places run from 0:00.
import { IconChevronLeft } from '@tabler/icons-react';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import type { DrawView } from '../../api/types';
import { text_of, useLang, useT } from '../../lib/lang';
import { seconds_of, spoken_of } from '../../lib/sound';
import { clock, clock_seconds, day_short, exact, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import type { PlayerControl } from '../../ui/player/engine';
import { Player } from '../../ui/player/Player';
import { usePlayer } from '../../ui/player/usePlayer';
import type { Flag } from '../../ui/player/WaveParts';
import { Skeleton } from '../../ui/States';
import { lines_of } from '../../ui/words/lines';
import { Words } from '../../ui/words/Words';
import './checks.css';
import { useDrawPeaks, useDrawWords } from './queries';

export interface DrawRecordProps {
  draw: DrawView;
  flags: readonly Flag[];
  onControl: (control: PlayerControl | null) => void;
  onBack: () => void;
  children?: ReactNode;
}

function Head({ draw, onBack }: { draw: DrawView; onBack: () => void }) {
  const t = useT();
  return (
    <div className="o-rec-head">
      <span className="o-only-ph">
        <Button kind="ghost" icon={IconChevronLeft} label={t('ui.check.close')} onClick={onBack} />
      </span>
      <div>
        <h1 title={exact(draw.begin_at, draw.zone)}>
          <span>{draw.point_name}</span>
          <b>, {clock(draw.begin_at, draw.zone)}</b>
        </h1>
        <div className="o-rec-sub">
          <span>{t('ui.draw.title')}</span>
          <span>{day_short(draw.begin_at, draw.zone)}</span>
          {draw.person_name && <span>{draw.person_name}</span>}
          {draw.overlaps_press && <span className="o-amber">{t('ui.draw.overlap')}</span>}
        </div>
      </div>
    </div>
  );
}

function Facts({ draw }: { draw: DrawView }) {
  const t = useT();
  const frame = Math.round(draw.frame_minutes);
  return (
    <>
      <dl className="o-facts">
        <dt>{t('ui.clip.on_point')}</dt>
        <dd>{draw.person_name ?? <span className="o-3">{t('ui.clip.nobody')}</span>}</dd>
        <dt>{t('ui.draw.record')}</dt>
        <dd>
          {clock_seconds(draw.begin_at, draw.zone)}–{clock_seconds(draw.end_at, draw.zone)},{' '}
          {t('ui.draw.frame', { minutes: t('ui.draw.minutes', { n: frame }) })}
        </dd>
        <dt>{t('ui.draw.seed')}</dt>
        <dd>
          <span className="o-hash">{draw.seed}</span>{' '}
          <span className="o-3">
            {t('ui.draw.drawn', { time: when(draw.created_at, draw.zone, Date.now(), true) })}
          </span>
        </dd>
      </dl>
      <p className="o-3 o-s o-logged">{t('ui.clip.logged')}</p>
    </>
  );
}

interface Drawn extends DrawRecordProps {
  peaks: readonly (readonly number[])[];
}

function Sound({ draw, flags, onControl, peaks, children }: Drawn) {
  const t = useT();
  const language = useLang();
  const scroll = useRef<HTMLDivElement>(null);
  const words = useDrawWords(draw);
  const length = seconds_of(draw.end_sample - draw.begin_sample);
  const tracks = useMemo(
    () =>
      draw.tracks.map((track, i) => ({
        id: String(track.channel),
        src: track.audio_url,
        peaks: peaks[i] ?? [],
      })),
    [draw, peaks],
  );
  const names = useMemo(
    () =>
      Object.fromEntries(
        draw.tracks.map(({ channel, role }) => [
          String(channel),
          text_of(`ui.clip.role.${role}`) ?? t('ui.clip.role.other', { n: channel + 1 }),
        ]),
      ),
    [draw, t],
  );
  const control = usePlayer(draw.id, tracks, length);
  useEffect(() => {
    onControl(control);
    return () => onControl(null);
  }, [control, onControl]);
  const lines = useMemo(
    () =>
      lines_of(
        words.items.map((word) => spoken_of(word, draw.begin_sample)),
        {},
      ),
    [words.items, draw.begin_sample],
  );
  const instant = useMemo(() => {
    const begin = Date.parse(draw.begin_at);
    return (at: number) => clock_seconds(begin + at * 1000, draw.zone);
  }, [draw]);
  const jump = useMemo(() => (time: string) => t('ui.clip.jump', { time }), [language, t]);
  return (
    <>
      <Player
        control={control}
        label={t('ui.draw.wave')}
        instant_of={instant}
        flags={flags}
        track_names={names}
      />
      <div className="o-rec-body" ref={scroll}>
        {words.pending && <Skeleton rows={5} height={28} />}
        {!words.pending && words.items.length === 0 && (
          <p className="o-2">{t('ui.clip.words_none')}</p>
        )}
        <Words control={control} lines={lines} scroll={scroll} jump_label={jump} />
        <Facts draw={draw} />
      </div>
      {children}
    </>
  );
}

function Erased({ draw, at }: { draw: DrawView; at: string }) {
  const t = useT();
  return (
    <div className="o-rec-body">
      <div className="o-told">
        <h2>{t('ui.clip.erased_title')}</h2>
        <p>
          {t('ui.clip.erased_why', { time: when(at, draw.zone, Date.now(), true) })}{' '}
          {t('ui.clip.erased_facts')}
        </p>
      </div>
      <Facts draw={draw} />
    </div>
  );
}

export function DrawRecord(props: DrawRecordProps) {
  const { draw } = props;
  if (draw.erased_at === null) return <Heard {...props} />;
  return (
    <>
      <Head draw={draw} onBack={props.onBack} />
      <Erased draw={draw} at={draw.erased_at} />
      {props.children}
    </>
  );
}

function Heard(props: DrawRecordProps) {
  const { draw } = props;
  const asked = useDrawPeaks(draw);
  return (
    <>
      <Head draw={draw} onBack={props.onBack} />
      {asked.pending ? (
        <div className="o-wave-room" aria-busy="true" />
      ) : (
        <Sound {...props} peaks={asked.peaks} key={draw.id} />
      )}
    </>
  );
}
