// Places in sound: samples of the server, seconds of the player; words as they are shown.
import { text_of } from './lang';
import { percent } from './numbers';

export const samples_per_second = 48_000;
export const seconds_of = (samples: number) => samples / samples_per_second;
export const samples_of = (seconds: number) => Math.round(seconds * samples_per_second);

const sure = 0.6; // of the engine's own measure; below it the word is marked

let plays_ogg: boolean | undefined;
/** Safari says that it plays Opus in Ogg and does not always: it gets the packets as MP4. */
export function playable(url: string): string {
  plays_ogg ??=
    !navigator.vendor.startsWith('Apple') &&
    document.createElement('audio').canPlayType('audio/ogg; codecs="opus"') !== '';
  return plays_ogg ? url : `${url}&format=mp4`;
}

/** A speaker's code has a word of ours; a name stands as it is. */
export function who_of(speaker: string | null): string {
  return speaker ? (text_of(`ui.clip.who.${speaker}`) ?? speaker) : '';
}

export interface TimedWord {
  text: string;
  begin_sample: number;
  end_sample: number;
  speaker: string | null;
  confidence: number | null;
}
export interface Spoken {
  text: string;
  from: number;
  to: number;
  who: string;
  doubt?: string;
}
/** `zero`: the sample that is second 0 of the player. */
export function spoken_of(word: TimedWord, zero = 0): Spoken {
  const { confidence } = word;
  return {
    text: word.text,
    from: seconds_of(word.begin_sample - zero),
    to: seconds_of(word.end_sample - zero),
    who: who_of(word.speaker),
    doubt:
      confidence !== null && confidence < sure
        ? text_of('ui.clip.doubt', { percent: percent(confidence, 0) })
        : undefined,
  };
}

/** Loudness 0…1 of a drawn wave. */
export function loudness(peaks: { min: number[]; max: number[] } | undefined): number[] {
  if (!peaks) return [];
  return peaks.max.map((high, i) => Math.max(Math.abs(high), Math.abs(peaks.min[i] ?? 0)) / 128);
}
