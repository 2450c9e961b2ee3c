// A thing of the day in words: what it is, why it stands here, what to do about it.
import {
  IconAlertCircle,
  IconClipboardCheck,
  IconCloudUpload,
  IconDice5,
  IconMail,
  IconMicrophoneOff,
  IconServer,
  IconTrendingDown,
  IconUserQuestion,
  IconVolumeOff,
} from '@tabler/icons-react';
import { t, text_of } from '../../lib/lang';
import { button_name, clip_look, kind_look, sentence_of } from '../../lib/signal';
import { day_short, start_of_day, when } from '../../lib/times';
import type { Icon } from '../../ui/Button';
import type { Tone } from '../../ui/StateWord';
import type { Due } from './queries';

const minute_ms = 60_000;

const icons: Record<Exclude<Due['kind'], 'signal'>, { icon: Icon; tone: Tone }> = {
  draft: { icon: IconClipboardCheck, tone: 'quiet' },
  draw: { icon: IconDice5, tone: 'quiet' },
  upload: { icon: IconCloudUpload, tone: 'amber' },
  sound: { icon: IconVolumeOff, tone: 'red' },
  point: { icon: IconMicrophoneOff, tone: 'red' },
  shift: { icon: IconUserQuestion, tone: 'amber' },
  refusal: { icon: IconAlertCircle, tone: 'amber' },
  job: { icon: IconServer, tone: 'red' },
  own_check: { icon: IconClipboardCheck, tone: 'quiet' },
  alarm: { icon: IconMicrophoneOff, tone: 'red' },
};
/** Of alarms that are of no recorder. */
const alarm_icons: Record<string, Icon> = {
  response: IconTrendingDown,
  disk_low: IconServer,
  disk_scarce: IconServer,
  mail: IconMail,
};

export interface DueLook {
  icon: Icon;
  tone: Tone;
  title: string;
  spoken: boolean;
  /** One grey line below: where, when, what is unusual. */
  aside: string[];
  /** The one thing to do. */
  act: string;
  /** How it is waved away; nothing when it is done only by doing it. */
  wave?: string;
}

/** Days and minutes a thing is about. */
function parts_of(due: Due) {
  return {
    n: due.n,
    minutes: Math.max(1, Math.round(due.n / 60)),
    point: due.point_name,
    name: due.name ?? '',
    day: due.day ? day_short(`${due.day}T12:00:00Z`, 'UTC') : '',
  };
}

function signal_look(signal: NonNullable<Due['signal']>): DueLook {
  const kind = kind_look(signal.kind);
  const { text, spoken } = sentence_of(signal);
  const state = clip_look(signal);
  return {
    icon: kind.icon,
    tone: kind.tone,
    title: text,
    spoken,
    aside: [
      button_name(signal),
      signal.point_name,
      when(signal.at, signal.zone),
      ...(state ? [state.text] : []),
    ],
    act: t('ui.day.act.signal'),
  };
}

export function look_of(due: Due): DueLook {
  if (due.kind === 'signal' && due.signal) return signal_look(due.signal);
  const kind = due.kind === 'signal' ? 'draft' : due.kind;
  const word = due.reason ? `${kind}_${due.reason}` : kind;
  const parts = parts_of(due);
  return {
    icon: (kind === 'alarm' && alarm_icons[due.reason ?? '']) || icons[kind].icon,
    tone: icons[kind].tone,
    title: text_of(`ui.day.title.${word}`, parts) ?? due.kind,
    spoken: true,
    aside: [
      ...(due.point_name && kind !== 'point' ? [due.point_name] : []),
      ...(due.name ? [due.name] : []),
    ],
    act: text_of(`ui.day.act.${word}`) ?? t('ui.day.act.signal'),
    wave: due.mark ? t(`ui.day.wave.${due.mark}`) : undefined,
  };
}

/** Why a thing stands here and what to do, for the side. */
export function told_of(due: Due): { why: string; steps: string[] } {
  const word = due.reason ? `${due.kind}_${due.reason}` : due.kind;
  const parts = parts_of(due);
  const steps = [1, 2, 3].flatMap((i) => text_of(`ui.day.step.${word}.${i}`, parts) ?? []);
  return { why: text_of(`ui.day.why.${word}`, parts) ?? '', steps };
}

export type Group = 'late' | 'today' | 'soon';
/** Late, due before the day ends, or later. */
export function group_of(due: Due, zone: string, day: string, now: number): Group {
  const at = Date.parse(due.due_at);
  if (at <= now) return 'late';
  return at < start_of_day(day, zone, 1) ? 'today' : 'soon';
}

/** «опоздание 2 ч 10 мин», «осталось 24 мин»: exact where minutes matter, whole days where not. */
export function lateness(due: Due, now: number): string {
  const ms = Date.parse(due.due_at) - now;
  const minutes = Math.max(1, Math.round(Math.abs(ms) / minute_ms));
  const text =
    minutes < 60
      ? t('ui.day.minutes', { n: minutes })
      : minutes < 48 * 60
        ? t('ui.day.hours', { h: Math.floor(minutes / 60), m: minutes % 60 })
        : t('ui.day.days', { n: Math.floor(minutes / 1440) });
  return t(ms <= 0 ? 'ui.day.late_by' : 'ui.day.left', { text });
}
