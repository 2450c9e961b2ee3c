// The test press and the clip it asks for.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { get } from '../../../api/call';
import { why_of } from '../../../api/refusal';
import type { ClipView, Given, SignalRow } from '../../../api/types';
import { useT } from '../../../lib/lang';
import { samples_per_second } from '../../../lib/sound';
import { button_name } from '../../../lib/signal';
import { clock_seconds, duration } from '../../../lib/times';
import { Button, ButtonLink } from '../../../ui/Button';
import { Step } from '../../../ui/Steps';
import type { Point } from '../queries';
import { first_sound } from './level';
import { mark_as_trial, useTestClip, useTestSignal } from './queries';

type Device = Given<'DeviceView'>;
interface Press {
  data?: string;
  error: unknown;
  isPending: boolean;
}

/** Cutting takes a second or two; after so long something is wrong. */
const late_after_ms = 60_000;

function useLate(on: boolean): boolean {
  const [late, set_late] = useState(false);
  useEffect(() => {
    if (!on) return set_late(false);
    const timer = setTimeout(() => set_late(true), late_after_ms);
    return () => clearTimeout(timer);
  }, [on]);
  return late;
}

function Play({ clip, onPlays }: { clip: ClipView; onPlays: () => void }) {
  const t = useT();
  const sound = useRef<HTMLAudioElement>(null);
  const version = clip.version;
  const from = version ? first_sound(version.pieces) / samples_per_second : 0;
  return (
    <audio
      ref={sound}
      controls
      preload="auto"
      aria-label={t('ui.try.clip')}
      src={version?.tracks[0]?.url}
      onLoadedMetadata={() => {
        if (!sound.current) return;
        sound.current.currentTime = from;
        // The browser may want a click first; the button of the player is there.
        void sound.current.play().catch(() => undefined);
      }}
      onTimeUpdate={(event) => {
        if (!event.currentTarget.paused && event.currentTarget.currentTime > from + 0.2) onPlays();
      }}
    />
  );
}

function ClipStep({ signal, good }: { signal?: SignalRow; good: boolean }) {
  const t = useT();
  const clip = useTestClip(signal?.clip_id).data;
  const [plays, set_plays] = useState('');
  const waiting = Boolean(signal) && !clip?.version;
  const late = useLate(waiting);
  if (!signal) return <Step state="later" title={t('ui.try.clip')} what={t('ui.try.clip_what')} />;
  if (!clip?.version)
    return (
      <Step
        state={late || clip?.state === 'failed' ? 'bad' : 'waits'}
        title={t('ui.try.clip')}
        what={
          clip && (late || clip.state === 'failed')
            ? `${clip.reason_text} ${clip.todo_text}`
            : t(late ? 'ui.try.clip_late' : 'ui.try.clip_waits')
        }
      />
    );
  const { length_samples, missing_samples } = clip.version;
  const heard = duration((length_samples - missing_samples) / samples_per_second);
  return (
    <Step
      state={plays === clip.id ? 'done' : 'todo'}
      title={t('ui.try.clip')}
      what={t(
        plays === clip.id ? (good ? 'ui.try.works' : 'ui.try.clip_plays') : 'ui.try.clip_there',
        {
          length: heard,
        },
      )}
    >
      <Play key={clip.version.id} clip={clip} onPlays={() => set_plays(clip.id)} />
    </Step>
  );
}

export function Trial({
  ready,
  good,
  device,
  known,
  press,
  zone,
  mend,
}: {
  ready: boolean;
  /** The level is good, too: then the point works. */
  good: boolean;
  device?: Device;
  known: boolean;
  press: Press;
  zone: string;
  mend: string;
}) {
  const t = useT();
  const signal = useTestSignal(press.data ?? null).data;
  const title = t('ui.try.press');
  const missing = known && !device;
  const step = () => {
    if (missing)
      return (
        <Step state="bad" title={title} what={t('ui.try.no_device')}>
          <ButtonLink to={mend}>{t('ui.try.mend')}</ButtonLink>
        </Step>
      );
    if (press.error)
      return (
        <Step
          state="bad"
          title={title}
          what={t('ui.try.press_failed', { why: why_of(press.error) })}
        />
      );
    if (signal)
      return (
        <Step
          state="done"
          title={title}
          what={t('ui.try.press_done', {
            name: device?.name ?? '',
            button: button_name(signal),
            time: clock_seconds(signal.at, zone),
          })}
        />
      );
    return (
      <Step
        state={press.isPending ? 'waits' : 'later'}
        title={title}
        what={t(ready ? 'ui.try.press_goes' : 'ui.try.press_what', { name: device?.name ?? '' })}
      />
    );
  };
  return (
    <>
      {step()}
      <ClipStep signal={signal} good={good} />
    </>
  );
}

/** What was pressed at the point itself meanwhile: the person says whether it was a trial. */
export function RealPresses({ point, begun }: { point: Point; begun: number }) {
  const t = useT();
  const asked = useQuery({
    queryKey: ['signal', 'since', point.id, begun],
    queryFn: () => get<{ items: SignalRow[] }>('/signals', { point: point.id, limit: 20 }),
  });
  const [failed, set_failed] = useState('');
  const came = (asked.data?.items ?? []).filter((one) => Date.parse(one.received_at) >= begun);
  const mark = (signal: SignalRow) =>
    mark_as_trial(signal.id).then(
      () => void asked.refetch(),
      (error: unknown) => set_failed(why_of(error)),
    );
  return (
    <section aria-label={t('ui.try.real')} className="o-try-real">
      <h2>{t('ui.try.real')}</h2>
      <p className="o-2">{t(came.length > 0 ? 'ui.try.real_came' : 'ui.try.real_what')}</p>
      <ul className="o-point-rows">
        {came.map((one) => (
          <li key={one.id}>
            <span className="o-3">{clock_seconds(one.at, one.zone)}</span>
            <span>
              {button_name(one)}, {one.device_name}
            </span>
            <Button onClick={() => void mark(one)}>{t('ui.try.real_mark')}</Button>
          </li>
        ))}
      </ul>
      {failed && (
        <p className="o-red" role="alert">
          {failed}
        </p>
      )}
    </section>
  );
}
