// A signal in words: its kind, its title, what is unusual about its recording.
import {
  IconBulb,
  IconClockPause,
  IconHourglass,
  IconMessage,
  IconMicrophoneOff,
  IconRotate2,
  IconThumbDown,
  IconThumbUp,
  IconUnlink,
} from '@tabler/icons-react';
import type { ComponentType } from 'react';
import { t, type Key } from './lang';
import { number, percent } from './numbers';

type Mark = ComponentType<{ size?: number | string; 'aria-hidden'?: boolean | 'true' }>;
type Tone = 'red' | 'amber' | 'green' | 'quiet' | 'text';
export interface StateLook {
  icon: Mark;
  text: string;
  tone: Tone;
}

const kinds: Record<string, { icon: Mark; tone: Tone; word: Key }> = {
  answer: { icon: IconMessage, tone: 'quiet', word: 'ui.kind.answer' },
  idea: { icon: IconBulb, tone: 'quiet', word: 'ui.kind.idea' },
  complaint: { icon: IconThumbDown, tone: 'red', word: 'ui.kind.complaint' },
  praise: { icon: IconThumbUp, tone: 'green', word: 'ui.kind.praise' },
};
export const kind_names = Object.keys(kinds);

export interface Told {
  kind: string | null;
  label: string;
  undone: boolean;
  test?: boolean;
  clip_state: string | null;
  missing_ms: number | null;
  length_ms: number | null;
  sentence: string | null;
  score: number | null;
  erased?: boolean;
}

export function kind_look(kind: string | null): StateLook {
  const known = kind ? kinds[kind] : undefined;
  return known
    ? { icon: known.icon, tone: known.tone, text: t(known.word) }
    : { icon: IconMessage, tone: 'quiet', text: t('ui.kind.unknown') };
}
/** What the button says; the kind when the key had no meaning then. */
export function button_name(signal: Pick<Told, 'label' | 'kind'>): string {
  return signal.label || kind_look(signal.kind).text;
}

export function waits(state: string | null): boolean {
  return state === 'waiting_tail' || state === 'waiting_upload';
}

/** Only what is unusual has a word: a whole recording has none. */
export function clip_look(
  signal: Pick<Told, 'clip_state' | 'undone' | 'test'>,
): StateLook | undefined {
  if (signal.test) return { icon: IconRotate2, tone: 'quiet', text: t('ui.signal.test') };
  if (signal.undone) return { icon: IconRotate2, tone: 'quiet', text: t('ui.signal.withdrawn') };
  switch (signal.clip_state) {
    case 'waiting_tail':
      return { icon: IconHourglass, tone: 'amber', text: t('ui.clip.state.waiting_tail') };
    case 'waiting_upload':
      return { icon: IconClockPause, tone: 'amber', text: t('ui.clip.state.waiting_upload') };
    case 'partial':
      return { icon: IconHourglass, tone: 'amber', text: t('ui.clip.state.partial') };
    case 'failed':
      return { icon: IconMicrophoneOff, tone: 'red', text: t('ui.clip.state.failed') };
    default:
      return undefined;
  }
}

const least_gap_ms = 500; // a joint of two files is no news

export function seconds_text(ms: number): string {
  const seconds = ms / 1000;
  return number(seconds, seconds < 9.95 && seconds % 1 >= 0.05 ? 1 : 0);
}
export function gap_look(missing_ms: number | null): StateLook | undefined {
  if (missing_ms === null || missing_ms < least_gap_ms) return undefined;
  return {
    icon: IconUnlink,
    tone: 'red',
    text: t('ui.clip.gap', { seconds: seconds_text(missing_ms) }),
  };
}

/** The title of a row: what was said, or why there are no words. */
export function sentence_of(signal: Told): { text: string; spoken: boolean } {
  if (signal.sentence) {
    const cut = !/[.!?…]$/.test(signal.sentence);
    const text = signal.sentence.replace(/[.,;:…\s]+$/, '');
    return { text: t(cut ? 'ui.signal.quote_cut' : 'ui.signal.quote', { text }), spoken: true };
  }
  const key: Key = waits(signal.clip_state)
    ? 'ui.signal.words_later'
    : signal.clip_state === 'failed'
      ? 'ui.signal.no_sound'
      : signal.clip_state === null
        ? 'ui.signal.withdrawn'
        : signal.erased
          ? 'ui.signal.erased'
          : 'ui.signal.no_words';
  return { text: t(key), spoken: false };
}

/** Short grey or red words of a row's second line. */
export function extras_of(signal: Told): { text: string; tone?: Tone }[] {
  const gap = waits(signal.clip_state) ? undefined : gap_look(signal.missing_ms);
  return [
    ...(signal.score === null
      ? []
      : [{ text: t('ui.signal.score', { percent: percent(signal.score / 100) }) }]),
    ...(gap && signal.clip_state !== 'failed' ? [{ text: gap.text, tone: gap.tone }] : []),
  ];
}
