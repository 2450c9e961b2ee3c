// What exactly happened: the wave with its press, the words, where they come from.
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { is_problem, problem_from } from '../../api/problem';
import type { ClipVersion, ClipView, ClipWords } from '../../api/types';
import { useLang, useT } from '../../lib/lang';
import { button_name, seconds_text } from '../../lib/signal';
import { loudness, playable, samples_of, seconds_of, spoken_of } from '../../lib/sound';
import { clock_seconds, doubt, place, when } from '../../lib/times';
import { Button } from '../../ui/Button';
import type { PlayerControl } from '../../ui/player/engine';
import { Player } from '../../ui/player/Player';
import { usePlayer } from '../../ui/player/usePlayer';
import type { Flag } from '../../ui/player/WaveParts';
import { ErrorState, Skeleton } from '../../ui/States';
import { Words } from '../../ui/words/Words';
import { lines_of } from '../../ui/words/lines';
import './clips.css';
import { Facts, type NudgeLink } from './Facts';
import { gaps_of } from './gaps';
import type { Here } from '../../api/presence';
import { RecordHead, role_name, type Walk } from './Head';
import {
  useBookmarks,
  useClipBookmarks,
  useClipPeaks,
  useClipWords,
  useTranscribe,
} from './queries';
import { Silent } from './Silent';

export interface RecordProps {
  clip: ClipView;
  walk?: Walk;
  flags?: readonly Flag[];
  onBack: () => void;
  onControl?: (control: PlayerControl | null) => void;
  link: string;
  check_link: (id: string) => string;
  /** Others who have it open now. */
  here?: readonly Here[];
  /** For those who may put a recording right. */
  nudge_link?: NudgeLink;
  /** A visitor looks on: no bookmarks are made or taken away. */
  looks_on?: boolean;
  /** Actions at the foot. */
  children?: ReactNode;
}
type Heard = RecordProps & { version: ClipVersion };

const none: readonly never[] = [];

/** Instants of a version: its own start is the anchor. */
function useInstant(clip: ClipView, version: ClipVersion) {
  return useMemo(() => {
    const begin = Date.parse(version.begin_at);
    const clocks = version.pieces.find((piece) => piece.map_uncertainty_ms !== null);
    const give = doubt(clocks?.map_uncertainty_ms ?? clip.uncertainty_ms);
    return (at: number) => `${clock_seconds(begin + at * 1000, clip.zone)} ${give}`;
  }, [clip.zone, clip.uncertainty_ms, version]);
}

/** Where its presses stand in a version: one, or several where their button joins them. */
export function press_times(clip: ClipView, version: ClipVersion, origin: number): number[] {
  const begin = Date.parse(version.begin_at);
  const length = seconds_of(version.length_samples);
  const others = clip.presses
    .filter((press) => !press.undone && press.signal_id !== clip.signal.id)
    .map((press) => (Date.parse(press.pressed_at) - begin) / 1000)
    .filter((at) => at >= 0 && at <= length);
  return [origin, ...others];
}

function useMarks(clip: ClipView, version: ClipVersion) {
  const t = useT();
  const language = useLang();
  return useMemo(() => {
    const origin = seconds_of(version.press_sample);
    const label = button_name(clip.signal);
    const gaps = gaps_of(version.pieces);
    const lost = version.state === 'final';
    return {
      origin,
      gaps,
      marks: press_times(clip, version, origin).map((at) => ({
        at,
        label: t('ui.clip.press', { label }),
        short: t('ui.clip.press_short'),
      })),
      holes: gaps.map((gap) => {
        const seconds = seconds_text((gap.to - gap.from) * 1000);
        return {
          from: gap.from,
          to: gap.to,
          label: t('ui.clip.missing', { seconds }),
          short: t('ui.clip.missing_short', { seconds }),
          kind: lost ? ('lost' as const) : ('pending' as const),
        };
      }),
    };
  }, [clip, version, language, t]);
}

function Said({
  clip,
  words,
  version,
  control,
  scroll,
}: {
  clip: ClipView;
  words: ClipWords;
  version: ClipVersion;
  control: PlayerControl;
  scroll: React.RefObject<HTMLDivElement | null>;
}) {
  const t = useT();
  const language = useLang();
  const ask = useTranscribe(clip.id);
  const { origin, gaps } = useMarks(clip, version);
  const lines = useMemo(
    () =>
      lines_of(
        words.items.map((word) => spoken_of(word)),
        {
          gaps: gaps.map((gap) => ({
            ...gap,
            text: t('ui.clip.missing_why', {
              seconds: seconds_text((gap.to - gap.from) * 1000),
              why: gap.why,
            }),
          })),
          press: {
            at: origin,
            text: t('ui.clip.press_line', { label: button_name(clip.signal) }),
          },
        },
      ),
    [words, gaps, origin, clip.signal, language, t],
  );
  const jump = useMemo(() => (time: string) => t('ui.clip.jump', { time }), [language, t]);
  return (
    <>
      <Words control={control} lines={lines} origin={origin} scroll={scroll} jump_label={jump} />
      {words.items.length === 0 && (
        <p className="o-2 o-row o-no-words">
          {t('ui.clip.words_none')}
          <Button kind="ghost" busy={ask.isPending} onClick={() => ask.mutate()}>
            {t('ui.clip.ask_words')}
          </Button>
        </p>
      )}
    </>
  );
}

function WithWave(props: Heard & { peaks: readonly number[][] }) {
  const { clip, version, peaks, flags = none, onControl } = props;
  const t = useT();
  const scroll = useRef<HTMLDivElement>(null);
  const { origin, marks, holes } = useMarks(clip, version);
  const tracks = useMemo(
    () =>
      version.tracks.map((track, i) => ({
        id: String(track.channel),
        src: playable(track.url),
        peaks: peaks[i] ?? [],
      })),
    [version, peaks],
  );
  const control = usePlayer(clip.id, tracks, seconds_of(version.length_samples));
  useEffect(() => {
    onControl?.(control);
    return () => onControl?.(null);
  }, [control, onControl]);
  const words = useClipWords(clip.id, version.number);
  const marked = useClipBookmarks(clip.id, version.number).data?.items ?? none;
  const { add, remove } = useBookmarks(clip.id);
  const instant = useInstant(clip, version);
  const names = Object.fromEntries(
    version.tracks.map((track) => [String(track.channel), role_name(track.role, track.channel)]),
  );
  const bookmark = (at: number) => {
    const time = place(at, origin);
    add(samples_of(at), t('ui.clip.bookmark_name', { time }), time);
  };
  return (
    <>
      <RecordHead
        signal={clip.signal}
        clip={clip}
        words_source={words.data?.source}
        here={props.here}
        walk={props.walk}
        onBack={props.onBack}
        link={props.link}
        looks_on={props.looks_on}
      />
      <Player
        control={control}
        origin={origin}
        label={t('ui.clip.wave')}
        instant_of={instant}
        marks={marks}
        holes={holes}
        flags={flags}
        track_names={names}
        bookmarks={marked.map((one) => ({
          id: one.id,
          at: seconds_of(one.clip_sample),
          label: one.text,
        }))}
        onBookmark={props.looks_on ? undefined : bookmark}
      />
      <div className="o-rec-body" ref={scroll}>
        {clip.state === 'partial' && (
          <div className="o-told">
            <p>{clip.reason_text}</p>
            {clip.todo_text && <p>{clip.todo_text}</p>}
            <p>
              {t('ui.clip.wait_until', {
                time: when(clip.give_up_at, clip.zone, Date.now(), true),
              })}
            </p>
          </div>
        )}
        {words.isPending && <Skeleton rows={6} height={28} />}
        {words.error && <p className="o-red o-no-words">{t('ui.clip.words_failed')}</p>}
        {words.data && (
          <Said
            clip={clip}
            words={words.data}
            version={version}
            control={control}
            scroll={scroll}
          />
        )}
        <Facts
          clip={clip}
          bookmarks={marked}
          origin={origin}
          onSeek={(at) => control.seek(at)}
          onRemove={props.looks_on ? undefined : remove}
          check_link={props.check_link}
          nudge_link={props.nudge_link}
        />
      </div>
      {props.children}
    </>
  );
}

/** The wave comes with the first drawing of the player: it is made once per version. */
function Heard(props: Heard) {
  const { clip, version } = props;
  const asked = useClipPeaks(clip.id, version.number, version.tracks);
  const settled = asked.every((one) => !one.isPending);
  const held = useRef<{ key: string; peaks: number[][] } | null>(null);
  const key = `${clip.id} ${version.number}`;
  if (settled && held.current?.key !== key)
    held.current = { key, peaks: asked.map((one) => loudness(one.data)) };
  if (held.current?.key !== key) {
    return (
      <>
        <RecordHead
          signal={clip.signal}
          walk={props.walk}
          onBack={props.onBack}
          link={props.link}
        />
        <div className="o-wave-room" aria-busy="true" />
        <span className="o-sp" />
        {props.children}
      </>
    );
  }
  return <WithWave {...props} peaks={held.current.peaks} />;
}

export function Record(props: RecordProps) {
  const { clip } = props;
  if (clip.version && !clip.erased_at) return <Heard {...props} version={clip.version} />;
  return <Silent {...props} />;
}

export function RecordFailed({
  error,
  onRetry,
  onBack,
}: {
  error: unknown;
  onRetry: () => void;
  onBack?: () => void;
}) {
  const t = useT();
  return (
    <ErrorState
      title={t('ui.clip.no_list')}
      error={is_problem(error) ? error : problem_from(0, undefined)}
      onRetry={onRetry}
    >
      {onBack && (
        <span className="o-only-ph">
          <Button onClick={onBack}>{t('ui.clip.back')}</Button>
        </span>
      )}
    </ErrorState>
  );
}
