// Where a clip comes from: short at first, whole on demand.
import { IconTrash } from '@tabler/icons-react';
import { useState, type ReactNode } from 'react';
import { Link } from 'react-router';
import type { ClipBookmark, ClipPiece, ClipView, SignalRow } from '../../api/types';
import { useT } from '../../lib/lang';
import { percent } from '../../lib/numbers';
import { button_name, seconds_text } from '../../lib/signal';
import { seconds_of } from '../../lib/sound';
import { clock_seconds, day_short, doubt, exact, place, when } from '../../lib/times';
import { Button } from '../../ui/Button';

export function distinct<T>(values: readonly (T | null)[]): T[] {
  return [...new Set(values)].filter((one): one is T => one !== null);
}

/** To the clock of a recording, at a sample of it. */
export type NudgeLink = (recording: string, sample: number) => string;

/** The second of the press in the recording that sounds there. */
function pressed_second(clip: ClipView): { recording: string; sample: number } | undefined {
  const at = clip.version?.press_sample ?? 0;
  const piece = clip.version?.pieces.find(
    (one) =>
      one.kind === 'sound' && one.clip_sample <= at && at < one.clip_sample + one.sample_count,
  );
  if (!piece?.recording_id || piece.session_sample === null) return undefined;
  return { recording: piece.recording_id, sample: piece.session_sample + at - piece.clip_sample };
}

function Nudge({ clip, link }: { clip: ClipView; link: NudgeLink }) {
  const t = useT();
  const found = pressed_second(clip);
  if (!found) return null;
  return (
    <>
      <dt>{t('ui.clip.nudge')}</dt>
      <dd>
        <Link className="o-link" to={link(found.recording, found.sample)}>
          {t('ui.clip.nudge_do')}
        </Link>
      </dd>
    </>
  );
}

/** How long its sound is kept. */
function Kept({ clip }: { clip: ClipView }) {
  const t = useT();
  if (!clip.version || clip.erased_at || !clip.kept_until) return null;
  return (
    <>
      <dt>{t('ui.clip.kept')}</dt>
      <dd>
        {clip.held
          ? t('ui.clip.kept_held')
          : t('ui.clip.kept_until', { time: day_short(clip.kept_until, clip.zone) })}
      </dd>
    </>
  );
}

function Details({ clip }: { clip: ClipView }) {
  const t = useT();
  const sound = clip.version?.pieces.filter((piece) => piece.kind === 'sound') ?? [];
  const files = distinct(sound.map((piece) => piece.original_name));
  const hashes = distinct(sound.map((piece) => piece.original_sha256));
  const zone = clip.zone;
  return (
    <>
      <dt>{t('ui.clip.pressed')}</dt>
      <dd>{exact(clip.signal.at, zone, clip.signal.uncertainty_ms)}</dd>
      <dt>{t('ui.clip.window')}</dt>
      <dd>
        {clock_seconds(clip.asked_begin_at, zone)}–{clock_seconds(clip.asked_end_at, zone)}
      </dd>
      {files.length > 0 && (
        <>
          <dt>{t('ui.clip.file')}</dt>
          <dd>{files.join(', ')}</dd>
          <dt>{t('ui.clip.hash')}</dt>
          <dd className="o-hash">{hashes.join(' ')}</dd>
        </>
      )}
      {clip.time_to_card_ms !== null && (
        <>
          <dt>{t('ui.clip.to_card')}</dt>
          <dd>{t('ui.clip.to_card_s', { seconds: seconds_text(clip.time_to_card_ms) })}</dd>
        </>
      )}
      <Kept clip={clip} />
      {clip.versions.length > 0 && (
        <>
          <dt>{t('ui.clip.versions')}</dt>
          <dd>
            {clip.versions.map((one) => (
              <div key={one.id}>
                {t('ui.clip.version_line', {
                  n: one.number,
                  state: one.state,
                  time: when(one.made_at, zone, Date.now(), true),
                })}
                {clip.versions.length > 1 && `: ${one.why_text}`}
              </div>
            ))}
          </dd>
        </>
      )}
    </>
  );
}

function source_text(pieces: readonly ClipPiece[], clocks: (piece: ClipPiece) => string): string {
  const sound = pieces.filter((piece) => piece.kind === 'sound');
  const recorders = distinct(sound.map((piece) => piece.recorder_name)).join(', ');
  const maps = distinct(sound.map((piece) => clocks(piece) || null)).join('; ');
  return [recorders, maps].filter(Boolean).join(', ');
}

function Whence({ clip, open, onOpen }: { clip: ClipView; open: boolean; onOpen: () => void }) {
  const t = useT();
  const version = clip.version;
  const clocks = (piece: ClipPiece) =>
    piece.map_uncertainty_ms === null || piece.map_number === null
      ? ''
      : [
          t('ui.clip.clocks', { doubt: doubt(piece.map_uncertainty_ms) }),
          t('ui.clip.map', { n: piece.map_number }),
        ].join(', ');
  return (
    <>
      <dt>{t('ui.clip.whence')}</dt>
      <dd>
        {version ? (
          <span>
            {source_text(version.pieces, clocks)}, {clock_seconds(version.begin_at, clip.zone)}–
            {clock_seconds(version.end_at, clip.zone)}
          </span>
        ) : (
          <span className="o-3">{t('ui.clip.no_source')}</span>
        )}{' '}
        <button type="button" className="o-link" aria-expanded={open} onClick={onOpen}>
          {t(open ? 'ui.clip.less' : 'ui.clip.more')}
        </button>
      </dd>
    </>
  );
}

export function SignalFacts({ signal, children }: { signal: SignalRow; children?: ReactNode }) {
  const t = useT();
  return (
    <dl className="o-facts">
      <dt>{t('ui.clip.on_point')}</dt>
      <dd>{signal.person_name ?? <span className="o-3">{t('ui.clip.nobody')}</span>}</dd>
      <dt>{t('ui.clip.button')}</dt>
      <dd>
        <span>
          {t('ui.signal.quote', { text: button_name(signal) })}
          {signal.question_text && <>, {t('ui.clip.question', { text: signal.question_text })}</>}
        </span>{' '}
        {signal.device_name && (
          <span className="o-3">{t('ui.clip.from_device', { name: signal.device_name })}</span>
        )}
      </dd>
      {signal.heard && (
        <>
          <dt>{t('ui.clip.how')}</dt>
          <dd>{t('ui.clip.heard')}</dd>
        </>
      )}
      {signal.customer_score !== null && (
        <>
          <dt>{t('ui.clip.customer_score')}</dt>
          <dd>{t('ui.clip.of_ten', { n: signal.customer_score })}</dd>
        </>
      )}
      {signal.what && (
        <>
          <dt>{t('ui.clip.what')}</dt>
          <dd>{signal.what}</dd>
        </>
      )}
      {children}
    </dl>
  );
}

function Checks({ clip, link }: { clip: ClipView; link: (id: string) => string }) {
  const t = useT();
  if (clip.checks.length === 0) return null;
  return (
    <>
      <dt>{t('ui.clip.checks')}</dt>
      <dd>
        {clip.checks.map((one) => (
          <div key={one.id}>
            <Link to={link(one.id)} className="o-link">
              {one.form_name}
            </Link>{' '}
            {one.state === 'done'
              ? (one.reason_text ?? (one.score !== null && percent(one.score / 100)))
              : t(one.state === 'draft' ? 'ui.clip.check_draft' : 'ui.clip.check_withdrawn')}{' '}
            <span className="o-3">{one.checker_name}</span>
          </div>
        ))}
      </dd>
    </>
  );
}

export function Facts({
  clip,
  bookmarks,
  origin,
  onSeek,
  onRemove,
  check_link,
  nudge_link,
}: {
  clip: ClipView;
  nudge_link?: NudgeLink;
  bookmarks: readonly ClipBookmark[];
  origin: number;
  onSeek: (at: number) => void;
  onRemove?: (bookmark: ClipBookmark) => void;
  check_link: (id: string) => string;
}) {
  const t = useT();
  const [open, set_open] = useState(false);
  return (
    <>
      <SignalFacts signal={clip.signal}>
        <Checks clip={clip} link={check_link} />
        {bookmarks.length > 0 && (
          <>
            <dt>{t('ui.clip.bookmarks')}</dt>
            <dd>
              {bookmarks.map((one) => {
                const time = place(seconds_of(one.clip_sample), origin);
                return (
                  <div key={one.id} className="o-row o-mark-row">
                    <button
                      type="button"
                      className="o-link"
                      onClick={() => onSeek(seconds_of(one.clip_sample))}
                    >
                      {time}
                    </button>
                    <span className="o-cut">{one.text}</span>
                    <span className="o-3 o-nw">{one.person_name}</span>
                    {onRemove && (
                      <Button
                        kind="ghost"
                        icon={IconTrash}
                        label={t('ui.clip.bookmark_remove', { time })}
                        onClick={() => onRemove(one)}
                      />
                    )}
                  </div>
                );
              })}
            </dd>
          </>
        )}
        <Whence clip={clip} open={open} onOpen={() => set_open(!open)} />
        {open && <Details clip={clip} />}
        {open && nudge_link && <Nudge clip={clip} link={nudge_link} />}
      </SignalFacts>
      <p className="o-3 o-s o-logged">{t('ui.clip.logged')}</p>
    </>
  );
}
