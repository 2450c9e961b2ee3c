// The audible mark for a recorder: two sweeps of the server's own WAV, a silence apart that tells
// the code. What counts is when it was heard: the browser's clock of sound is held against the one
// that only counts, and the way to the speaker is added as far as the browser tells it.
import { new_id } from './ids';

const step_s = 0.02; // of silence between the sweeps, times the code
export const codes = 16;
const lead_s = 0.25; // until the first sweep: both are handed over before it begins
const looks = 12;
const look_ms = 8;
const quiet_for_ms = 1500; // a browser that does not let sound begin says nothing at all

export interface Played {
  id: string;
  code: number;
  mono: number; // performance.now() when its first sample was heard
  about: number; // half-width, ms
  latency: number; // ms, counted in
}

let sound: ArrayBuffer | null = null;
let context: AudioContext | null = null;

/** Fetched while there is network; kept by the worker and here. */
export async function prepare(): Promise<void> {
  if (sound) return;
  const answer = await fetch('/panel/marker.wav');
  if (answer.ok) sound = await answer.arrayBuffer();
}

const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function running(): Promise<AudioContext> {
  context ??= new AudioContext({ latencyHint: 'interactive' });
  await Promise.race([context.resume(), pause(quiet_for_ms)]);
  if (context.state !== 'running') throw new Error('silent');
  return context;
}

/**
 * How far the clock that counts is ahead of the clock of sound, ms. The latter stands still between
 * blocks of sound, so of several looks the one where it is furthest on is nearest to the truth.
 */
async function ahead(of: AudioContext): Promise<{ least: number; spread: number }> {
  const seen: number[] = [];
  for (let i = 0; i < looks; ++i) {
    seen.push(performance.now() - of.currentTime * 1000);
    await pause(look_ms);
  }
  const least = Math.min(...seen);
  return { least, spread: Math.max(...seen) - least };
}

/** When each sweep begins, by the clock of sound: [first, second]. */
export function schedule(now: number, length: number, code: number): [number, number] {
  const first = now + lead_s;
  return [first, first + length / 2 + code * step_s];
}

export async function play(code: number): Promise<Played> {
  await prepare();
  if (!sound) throw new Error('silent');
  const device = await running();
  const buffer = await device.decodeAudioData(sound.slice(0));
  const half = buffer.duration / 2;
  const before = await ahead(device);
  const [first, second] = schedule(device.currentTime, buffer.duration, code);
  const ended = new Promise((done) => {
    for (const [at, from] of [
      [first, 0],
      [second, half],
    ] as const) {
      const source = device.createBufferSource();
      source.buffer = buffer;
      source.connect(device.destination);
      source.start(at, from, half);
      if (from > 0) source.onended = done;
    }
  });
  await Promise.race([ended, pause((second - first + half + lead_s) * 1000 + quiet_for_ms)]);
  const after = await ahead(device);
  // Sound that stood still meanwhile was not heard where it should have been.
  const moved = Math.abs(after.least - before.least);
  if (device.currentTime < second + half || moved > 50) throw new Error('silent');
  void device.suspend();
  const told = device.outputLatency;
  const latency = (Number.isFinite(told) ? told : 0) * 1000;
  const base = (device.baseLatency || 0) * 1000;
  return {
    id: new_id(),
    code,
    mono: first * 1000 + before.least + latency,
    // One block of sound, what the clocks moved, and what nobody tells of the speaker.
    about: 5 + base + Math.min(20, before.spread) / 2 + moved + (told > 0 ? 0 : 30),
    latency,
  };
}
