// «Проверка точки»: recorder, level, test press, the clip that plays. Each step is green or red and
// says what to do; what stands on the server is looked at live.
import { IconMicrophone, IconRefresh, IconUpload } from '@tabler/icons-react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { Link } from 'react-router';
import { why_of } from '../../../api/refusal';
import { useT } from '../../../lib/lang';
import { number } from '../../../lib/numbers';
import { samples_per_second } from '../../../lib/sound';
import { clock_seconds, duration } from '../../../lib/times';
import { Button, ButtonLink } from '../../../ui/Button';
import { Loaded } from '../../../ui/Loaded';
import { Step, Steps, type StepState } from '../../../ui/Steps';
import {
  usePoints,
  useRecorders,
  useRecording,
  useWindowPeaks,
  type Point,
  type Recorder,
  type RecordingPage,
} from '../queries';
import { level_of, type Level } from '../../../lib/loudness';
import { may_record, record } from './microphone';
import { RealPresses, Trial } from './Trial';
import { press_for_trial, sound_of, store_sound, useDevicesOf, useFreshSound } from './queries';
import type { Sound } from './queries';

export interface CheckLinks {
  settings: (part: string) => string;
  points: string;
  /** Where the person came from, with its name. */
  back?: { to: string; name: string };
}

const seconds = 8;
const window_s = 60;

function useTaking(recorder: Recorder | undefined, onStored: (recording: string) => void) {
  const client = useQueryClient();
  const [height, set_height] = useState(0);
  const [left, set_left] = useState<number | null>(null);
  const take = useMutation({
    mutationFn: async (file?: File) => {
      const sound: Sound = file
        ? await sound_of(file)
        : await record(seconds, (now, left_s) => {
            set_height(now);
            set_left(Math.max(0, Math.ceil(left_s)));
          }).then((made) => ({ ...made, name: 'microphone.wav' }));
      set_left(null);
      return store_sound(recorder?.id ?? '', sound);
    },
    onSuccess: (id) => {
      for (const kind of ['recording', 'coverage', 'recorder'])
        void client.invalidateQueries({ queryKey: [kind] });
      onStored(id);
    },
    onSettled: () => set_left(null),
  });
  return { take, height, left };
}

function denied(error: unknown): boolean {
  return error instanceof DOMException;
}

function Take({ taking, again }: { taking: ReturnType<typeof useTaking>; again: boolean }) {
  const t = useT();
  const chooser = useRef<HTMLInputElement>(null);
  const { take, height, left } = taking;
  if (left !== null)
    return (
      <>
        <meter className="o-meter" min={0} max={1} value={height} aria-label={t('ui.try.level')} />
        <span className="o-2" role="status">
          {t('ui.try.recording', { n: left })}
        </span>
      </>
    );
  return (
    <>
      {may_record() && (
        <Button
          kind={again ? 'plain' : 'primary'}
          icon={IconMicrophone}
          busy={take.isPending}
          onClick={() => take.mutate(undefined)}
        >
          {t('ui.try.record', { n: seconds })}
        </Button>
      )}
      <input
        ref={chooser}
        type="file"
        hidden
        accept="audio/*,.wav,.flac,.mp3,.ogg,.opus,.m4a,.amr,.wma"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) take.mutate(file);
        }}
      />
      <Button icon={IconUpload} busy={take.isPending} onClick={() => chooser.current?.click()}>
        {t('ui.try.file')}
      </Button>
      {!may_record() && <p className="o-3">{t('ui.try.no_microphone')}</p>}
    </>
  );
}

interface Found {
  point: Point;
  recorder?: Recorder;
  recording?: RecordingPage;
  level?: Level;
}

/** Why no sound can come at all, with the place where it is mended. */
function useHindrance({ point, recorder }: Found, links: CheckLinks) {
  const t = useT();
  const settings = (part: string) => (
    <ButtonLink to={links.settings(part)}>{t('ui.try.mend')}</ButtonLink>
  );
  if (!point.basis_confirmed)
    return { what: t('ui.try.no_basis'), mend: settings(`sites/${point.id}`) };
  if (!recorder) return { what: t('ui.try.no_recorder'), mend: settings('recorders') };
  return null;
}

function SoundStep({
  found,
  taking,
  links,
}: {
  found: Found;
  taking: ReturnType<typeof useTaking>;
  links: CheckLinks;
}) {
  const t = useT();
  const hindrance = useHindrance(found, links);
  const { recording, recorder, point } = found;
  const { error, isPending } = taking.take;
  const failed = error && !isPending;
  const state: StepState =
    hindrance || failed ? 'bad' : recording ? 'done' : isPending ? 'waits' : 'todo';
  const what = hindrance
    ? hindrance.what
    : failed
      ? denied(error)
        ? t('ui.try.denied')
        : t('ui.try.refused', { why: why_of(error) })
      : recording
        ? t('ui.try.sound_there', {
            name: recording.recorder_name,
            length: duration(recording.length_ms / 1000),
            time: clock_seconds(recording.end_at, point.zone),
          })
        : t('ui.try.sound_what', { name: recorder?.name ?? '' });
  return (
    <Step state={state} title={t('ui.try.sound')} what={what}>
      {hindrance ? hindrance.mend : <Take taking={taking} again={Boolean(recording)} />}
    </Step>
  );
}

function LevelStep({ level }: { level?: Level }) {
  const t = useT();
  if (!level) return <Step state="later" title={t('ui.try.level')} what={t('ui.try.level_what')} />;
  const good = level.loudness === 'good';
  const peak =
    level.peak_db === null ? '' : ` ${t('ui.try.peak', { db: number(level.peak_db, 0) })}`;
  return (
    <Step
      state={good ? 'done' : 'bad'}
      title={t('ui.try.level')}
      what={t(`ui.try.level_of.${level.loudness}`) + peak}
    />
  );
}

function useLevel(recording: RecordingPage | undefined): Level | undefined {
  const length = recording?.length_samples ?? 0;
  const from = Math.max(0, length - window_s * samples_per_second);
  const tracks = recording?.tracks ?? [];
  const asked = useWindowPeaks(recording?.id ?? '', tracks, { from, to: length });
  const waves = asked.flatMap((one) => (one.data ? [one.data] : []));
  if (!recording || waves.length === 0 || waves.length < tracks.length) return undefined;
  return level_of(
    waves.flatMap((one) => one.min),
    waves.flatMap((one) => one.max),
  );
}

/** The middle of what was recorded: sound lies on both sides of the press. */
function middle_of({ begin_at, end_at, length_ms }: RecordingPage): number {
  const last = Math.min(length_ms, window_s * 1000);
  return Math.round(Math.max(Date.parse(begin_at), Date.parse(end_at) - last) + last / 2);
}

function Body({ point, links, begun }: { point: Point; links: CheckLinks; begun: number }) {
  const t = useT();
  const recorder = useRecorders().data?.items.find(
    (one) => one.point_id === point.id && !one.archived_at,
  );
  const [stored, set_stored] = useState<string | null>(null);
  const fresh = useFreshSound(point.id, begun);
  const recording = useRecording(stored ?? fresh.data?.id ?? '');
  const shown = stored || fresh.data ? recording.data : undefined;
  const taking = useTaking(recorder, set_stored);
  const level = useLevel(shown);
  const devices = useDevicesOf(point.id);
  const device = devices.data?.[0];
  const press = useMutation({
    mutationFn: (made: { device: string; at: number }) => press_for_trial(made.device, made.at),
  });
  const audible = level !== undefined && level.loudness !== 'silent';
  const tried = useRef('');
  const { mutate } = press;
  // A sound is tried at once, a faint one too; each recording once. Silence has nothing to play.
  useEffect(() => {
    if (!audible || !device || !shown || tried.current === shown.id) return;
    tried.current = shown.id;
    mutate({ device: device.id, at: middle_of(shown) });
  }, [audible, device, shown, mutate]);
  return (
    <>
      <Steps label={t('ui.try.title')}>
        <SoundStep found={{ point, recorder, recording: shown }} taking={taking} links={links} />
        <LevelStep level={level} />
        <Trial
          ready={audible}
          good={level?.loudness === 'good'}
          device={device}
          known={devices.data !== undefined}
          press={press}
          zone={point.zone}
          mend={links.settings('devices')}
        />
      </Steps>
      <RealPresses point={point} begun={begun} />
    </>
  );
}

export function PointCheck({ id, links }: { id: string; links: CheckLinks }) {
  const t = useT();
  const points = usePoints();
  const [begun, set_begun] = useState(() => Date.now());
  return (
    <div className="o-plain-page">
      <Loaded asking={points} title={t('ui.points.failed')}>
        {(data) => {
          const point = data.items.find((one) => one.id === id && !one.archived_at);
          if (!point)
            return (
              <>
                <h1>{t('ui.try.title')}</h1>
                <p className="o-2">{t('ui.try.no_point')}</p>
                <Link className="o-link" to={links.points}>
                  {t('ui.place.points')}
                </Link>
              </>
            );
          return (
            <>
              <p>
                <Link className="o-link" to={links.back?.to ?? links.points}>
                  {links.back?.name ?? t('ui.place.points')}
                </Link>
                <span className="o-3"> / {point.name}</span>
              </p>
              <h1>{t('ui.try.title')}</h1>
              <p className="o-2">{t('ui.try.what', { name: point.name })}</p>
              <Body key={begun} point={point} links={links} begun={begun} />
              <p className="o-step-do">
                <Button icon={IconRefresh} onClick={() => set_begun(Date.now())}>
                  {t('ui.try.again')}
                </Button>
                {links.back && (
                  <ButtonLink kind="primary" to={links.back.to}>
                    {links.back.name}
                  </ButtonLink>
                )}
              </p>
            </>
          );
        }}
      </Loaded>
    </div>
  );
}
