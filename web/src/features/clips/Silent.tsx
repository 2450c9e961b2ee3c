// A press without sound: what it waits for, since when, what will happen by itself.
import { useMemo } from 'react';
import type { ClipView, SignalRow } from '../../api/types';
import { text_of, useT } from '../../lib/lang';
import { button_name } from '../../lib/signal';
import { clock_seconds, when } from '../../lib/times';
import { Player } from '../../ui/player/Player';
import { usePlayer } from '../../ui/player/usePlayer';
import { SignalFacts, Facts } from './Facts';
import { RecordHead, type Walk } from './Head';
import type { RecordProps } from './Record';

const none: readonly never[] = [];

function Reason({ clip }: { clip: ClipView }) {
  const t = useT();
  const zone = clip.zone;
  const waiting = clip.state !== 'failed';
  if (clip.erased_at)
    return (
      <div className="o-told">
        <h2>{t('ui.clip.erased_title')}</h2>
        <p>
          {t('ui.clip.erased_why', { time: when(clip.erased_at, zone, Date.now(), true) })}{' '}
          {t('ui.clip.erased_facts')}
        </p>
      </div>
    );
  return (
    <div className="o-told">
      <h2>{text_of(`ui.clip.title.${clip.state}`)}</h2>
      <p>{clip.reason_text}</p>
      {clip.todo_text && <p>{clip.todo_text}</p>}
      <p>
        {t('ui.clip.kept_at', { time: clock_seconds(clip.signal.received_at, zone) })}{' '}
        {waiting &&
          t('ui.clip.wait_until', { time: when(clip.give_up_at, zone, Date.now(), true) })}
      </p>
    </div>
  );
}

export function Silent(props: RecordProps) {
  const { clip } = props;
  const t = useT();
  const [begin, end, press] = [clip.asked_begin_at, clip.asked_end_at, clip.signal.at].map(
    Date.parse,
  ) as [number, number, number];
  const duration = Math.max(1, (end - begin) / 1000);
  const origin = Math.min(duration, Math.max(0, (press - begin) / 1000));
  const tracks = useMemo(() => [{ id: '0', peaks: [] }], []);
  const control = usePlayer(clip.id, tracks, duration);
  const label = button_name(clip.signal);
  const kind = clip.state === 'failed' || clip.erased_at ? 'lost' : 'pending';
  const holes = useMemo(
    () => [{ from: 0, to: duration, label: '', short: '', kind } as const],
    [duration, kind],
  );
  return (
    <>
      <RecordHead
        signal={clip.signal}
        clip={clip}
        walk={props.walk}
        onBack={props.onBack}
        link={props.link}
      />
      <Player
        control={control}
        origin={origin}
        label={t('ui.clip.wave')}
        silent_text={t('ui.clip.silent')}
        silent_range={`${clock_seconds(begin, clip.zone)}–${clock_seconds(end, clip.zone)}`}
        marks={[
          { at: origin, label: t('ui.clip.press', { label }), short: t('ui.clip.press_short') },
        ]}
        holes={holes}
      />
      <div className="o-rec-body">
        <Reason clip={clip} />
        <Facts
          clip={clip}
          bookmarks={none}
          origin={origin}
          onSeek={() => undefined}
          onRemove={() => undefined}
          check_link={props.check_link}
        />
      </div>
      {props.children}
    </>
  );
}

/** A press that no clip was asked for. */
export function NoClip({
  signal,
  walk,
  onBack,
  link,
  children,
}: {
  signal: SignalRow;
  walk?: Walk;
  onBack: () => void;
  link: string;
  children?: React.ReactNode;
}) {
  const t = useT();
  return (
    <>
      <RecordHead signal={signal} walk={walk} onBack={onBack} link={link} />
      <div className="o-rec-body">
        <div className="o-told">
          <h2>{t('ui.clip.title.none')}</h2>
          <p>{t('ui.clip.none_why')}</p>
        </div>
        <SignalFacts signal={signal} />
      </div>
      {children}
    </>
  );
}
