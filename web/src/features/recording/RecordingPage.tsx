// One recording: heard by parts of ten minutes, its words, its file, where it comes from.
import { IconChevronLeft, IconChevronRight, IconClockEdit } from '@tabler/icons-react';
import { useMemo, useRef } from 'react';
import { useNavigate, useSearchParams } from 'react-router';
import { cx } from '../../lib/cx';
import { text_of, useLang, useT } from '../../lib/lang';
import { kind_look } from '../../lib/signal';
import { loudness, samples_of, seconds_of, spoken_of } from '../../lib/sound';
import {
  clock,
  clock_seconds,
  day_key,
  day_short,
  doubt,
  duration,
  exact,
  when,
} from '../../lib/times';
import { Button, ButtonLink } from '../../ui/Button';
import { Loaded } from '../../ui/Loaded';
import { Player } from '../../ui/player/Player';
import { usePlayer } from '../../ui/player/usePlayer';
import { Skeleton } from '../../ui/States';
import { lines_of } from '../../ui/words/lines';
import { Words } from '../../ui/words/Words';
import { put_in } from './address';
import {
  audio_address,
  useCoverage,
  useMarks,
  useRecording,
  useWindowPeaks,
  useWindowWords,
  type RecordingPage as Recording,
} from './queries';
import './recording.css';
import { Facts } from './RecordingFacts';
import { Clock } from './repair/Clock';
import { History } from './repair/History';
import { Transcript } from './Transcript';
import { instant_of, windows_of, type Window } from './windows';

type RepairLink = (ids: string, more?: { undo?: string; sample?: number }) => string;

function track_name(role: string, channel: number): string {
  return (
    text_of(`ui.clip.role.${role}`) ?? text_of('ui.clip.role.other', { n: channel + 1 }) ?? role
  );
}

function Head({ recording, back }: { recording: Recording; back: string }) {
  const t = useT();
  const { zone } = recording;
  return (
    <div className="o-rec-head">
      <ButtonLink kind="ghost" icon={IconChevronLeft} label={t('ui.clip.back')} to={back} />
      <div>
        <h1 title={exact(recording.begin_at, zone, recording.uncertainty_ms)}>
          <span>{recording.point_name}</span>
          <b>
            , {clock(recording.begin_at, zone)}–{clock(recording.end_at, zone)}
          </b>
        </h1>
        <div className="o-rec-sub">
          <span>{day_short(recording.begin_at, zone)}</span>
          <span>{recording.recorder_name}</span>
          <span>{duration(recording.length_ms / 1000)}</span>
          {recording.warnings.map((code) => (
            <span key={code} className="o-amber">
              {text_of(`error.${code}`) ?? code}
            </span>
          ))}
        </div>
      </div>
    </div>
  );
}

function Parts({
  recording,
  windows,
  part,
  onPart,
}: {
  recording: Recording;
  windows: readonly Window[];
  part: number;
  onPart: (part: number) => void;
}) {
  const t = useT();
  if (windows.length < 2) return null;
  const time = (sample: number) =>
    clock(instant_of(recording.map_points, recording.begin_at, sample), recording.zone);
  return (
    <div className="o-parts">
      <Button
        kind="ghost"
        icon={IconChevronLeft}
        label={t('ui.recording.previous')}
        disabled={part === 0}
        onClick={() => onPart(part - 1)}
      />
      <div className="o-parts-row" role="group" aria-label={t('ui.recording.parts')}>
        {windows.map((window, i) => (
          <button
            key={window.from}
            type="button"
            className={cx('o-part', i === part && 'o-on')}
            aria-pressed={i === part}
            onClick={() => onPart(i)}
          >
            {time(window.from)}
          </button>
        ))}
      </div>
      <Button
        kind="ghost"
        icon={IconChevronRight}
        label={t('ui.recording.next')}
        disabled={part === windows.length - 1}
        onClick={() => onPart(part + 1)}
      />
    </div>
  );
}

/** Presses of the day that fall into this part, as marks on the wave. */
function usePresses(recording: Recording, begin: number, window: Window) {
  const t = useT();
  const day = day_key(begin, recording.zone);
  const coverage = useCoverage(recording.point_id, day).data;
  const length = seconds_of(window.to - window.from);
  return useMemo(
    () =>
      (coverage?.presses ?? [])
        .filter((press) => !press.undone)
        .map((press) => ({ press, at: (Date.parse(press.at) - begin) / 1000 }))
        .filter(({ at }) => at >= 0 && at < length)
        .map(({ press, at }) => ({
          at,
          label: t('ui.clip.press', { label: kind_look(press.kind).text }),
          short: kind_look(press.kind).text,
        })),
    [coverage, begin, length, t],
  );
}

function Sound({
  recording,
  window,
  peaks,
  repair_link,
}: {
  recording: Recording;
  window: Window;
  peaks: readonly number[][];
  repair_link?: RepairLink;
}) {
  const t = useT();
  const language = useLang();
  const go = useNavigate();
  const scroll = useRef<HTMLDivElement>(null);
  const { id, tracks, zone } = recording;
  const sources = useMemo(
    () =>
      tracks.map((track, i) => ({
        id: String(track.channel),
        src: audio_address(id, track.channel, window),
        peaks: peaks[i] ?? [],
      })),
    [id, tracks, window, peaks],
  );
  const control = usePlayer(`${id} ${window.from}`, sources, seconds_of(window.to - window.from));
  const words = useWindowWords(id, tracks, window);
  const { items: marks, add } = useMarks(id);
  const begin = instant_of(recording.map_points, recording.begin_at, window.from);
  const presses = usePresses(recording, begin, window);
  const lines = useMemo(
    () =>
      lines_of(
        words.items.map((one) => spoken_of(one, window.from)),
        {},
      ),
    [words.items, window.from],
  );
  const instant = useMemo(
    () => (at: number) =>
      `${clock_seconds(begin + at * 1000, zone)} ${doubt(recording.uncertainty_ms)}`,
    [begin, zone, recording.uncertainty_ms],
  );
  const jump = useMemo(() => (time: string) => t('ui.clip.jump', { time }), [language, t]);
  const source = words.source && text_of(`ui.clip.words_${words.source}`);
  return (
    <>
      <Player
        control={control}
        label={t('ui.recording.wave')}
        instant_of={instant}
        marks={presses}
        track_names={Object.fromEntries(
          tracks.map((track) => [String(track.channel), track_name(track.role, track.channel)]),
        )}
        bookmarks={marks
          .filter((one) => one.media_sample >= window.from && one.media_sample < window.to)
          .map((one) => ({
            id: one.id,
            at: seconds_of(one.media_sample - window.from),
            label: one.text,
          }))}
        onBookmark={(at) =>
          add({
            channel: tracks[0]?.channel ?? 0,
            media_sample: window.from + samples_of(at),
            text: t('ui.clip.bookmark_name', { time: clock_seconds(begin + at * 1000, zone) }),
          })
        }
      />
      {repair_link && (
        <div className="o-recording-by-second">
          <Button
            kind="ghost"
            icon={IconClockEdit}
            onClick={() =>
              void go(repair_link(id, { sample: window.from + samples_of(control.at) }))
            }
          >
            {t('ui.repair.by_second')}
          </Button>
        </div>
      )}
      <div className="o-recording-words o-scroll" ref={scroll} tabIndex={0}>
        {words.pending && <Skeleton rows={5} height={28} />}
        {words.failed && <p className="o-red">{t('ui.clip.words_failed')}</p>}
        {!words.pending && !words.failed && words.items.length === 0 && (
          <p className="o-2">{t('ui.recording.no_words')}</p>
        )}
        {source && <p className="o-3 o-s">{source}</p>}
        <Words control={control} lines={lines} scroll={scroll} jump_label={jump} />
      </div>
    </>
  );
}

/** The wave comes with the first drawing of the player. */
function Part({
  recording,
  window,
  repair_link,
}: {
  recording: Recording;
  window: Window;
  repair_link?: RepairLink;
}) {
  const asked = useWindowPeaks(recording.id, recording.tracks, window);
  const settled = asked.every((one) => !one.isPending);
  const loud = useMemo(
    () => asked.map((one) => loudness(one.data)),
    // The answers of one part never change; what is drawn is made once they are all there.
    [settled, recording.id, window.from],
  );
  if (!settled) return <div className="o-wave-room" aria-busy="true" />;
  return <Sound recording={recording} window={window} peaks={loud} repair_link={repair_link} />;
}

function Page({
  recording,
  back,
  repair_link,
  may_repair,
  may_import,
  may_listen,
  may_hold,
}: {
  recording: Recording;
  back: string;
  repair_link: RepairLink;
  may_repair: boolean;
  may_import: boolean;
  may_listen: boolean;
  may_hold: boolean;
}) {
  const t = useT();
  const [search, set_search] = useSearchParams();
  const windows = useMemo(() => windows_of(recording.length_samples), [recording.length_samples]);
  const part = Math.min(windows.length - 1, Math.max(0, Number(search.get('part') ?? 1) - 1 || 0));
  const window = windows[part];
  const choose = (next: number) =>
    set_search((held) => put_in(held, { part: next > 0 ? String(next + 1) : '' }), {
      replace: true,
    });
  return (
    <div className="o-recording">
      <Head recording={recording} back={back} />
      {recording.erased_at && (
        <p className="o-told">
          {t('ui.recording.erased', {
            time: when(recording.erased_at, recording.zone, Date.now(), true),
          })}
        </p>
      )}
      {may_listen && !recording.erased_at && (
        <>
          <Parts recording={recording} windows={windows} part={part} onPart={choose} />
          {window && (
            <Part
              key={window.from}
              recording={recording}
              window={window}
              repair_link={may_repair ? repair_link : undefined}
            />
          )}
        </>
      )}
      <div className="o-recording-facts">
        <Facts recording={recording} may_hold={may_hold} />
        <History
          recording={recording.id}
          zone={recording.zone}
          repair_link={repair_link}
          may_repair={may_repair}
        />
        <Clock recording={recording.id} />
        {may_import && <Transcript recording={recording.id} tracks={recording.tracks} />}
      </div>
    </div>
  );
}

export function RecordingPage({
  id,
  ...rest
}: {
  id: string;
  back: string;
  repair_link: RepairLink;
  may_repair: boolean;
  may_import: boolean;
  may_listen: boolean;
  may_hold: boolean;
}) {
  const t = useT();
  const query = useRecording(id);
  return (
    <Loaded asking={query} title={t('ui.clip.no_list')} rows={6} height={52}>
      {(recording) => <Page recording={recording} {...rest} />}
    </Loaded>
  );
}
