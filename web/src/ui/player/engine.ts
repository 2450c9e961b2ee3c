// Sound of one record: one or two tracks that stay together, a place, a speed, a loop.
// No part of the page is touched here; views subscribe.
import { level_gain, Leveller } from './level';
import { Together } from './together';

export interface Source {
  id: string;
  /** Address of Ogg Opus; absent while there is nothing to hear. */
  src?: string;
  /** Loudest sample of equal stretches of the record, 0…1. */
  peaks: readonly number[];
}
export interface Span {
  from: number;
  to: number;
}
export interface PlayerState {
  playing: boolean;
  /** Pressed play, and the sound is still on its way. */
  loading: boolean;
  failed: boolean;
  rate: number;
  /** Track heard alone. */
  solo: string | null;
  loop: Span | null;
  skip_silence: boolean;
  /** Every track is heard about equally loud. */
  level: boolean;
  /** After a pause the sound goes on from a little before it. */
  step_back: boolean;
}

export const rates = [0.75, 1, 1.25, 1.5, 1.75, 2] as const;
const pace_ms = 50; // how often two tracks are compared while they play
const step_back_s = 2;
const silence_level = 0.02; // of full scale; room noise of the till stays below
const silence_keep_s = 0.4; // left before the next sound, so that no word loses its start
const silence_least_s = 1.5;
const shortest_loop_s = 0.3;

// What a person chose for one record holds for the next one of the same visit; the last two, for
// later visits of this browser.
const kept_name = 'otklik.player';
function kept_choice(name: string): boolean {
  if (typeof localStorage === 'undefined') return false;
  return (localStorage.getItem(kept_name) ?? '').split(' ').includes(name);
}
const kept = {
  rate: 1,
  skip_silence: false,
  level: kept_choice('level'),
  step_back: kept_choice('step_back'),
};
function keep(change: Partial<typeof kept>): void {
  Object.assign(kept, change);
  const on = (['level', 'step_back'] as const).filter((name) => kept[name]);
  if (typeof localStorage !== 'undefined') localStorage.setItem(kept_name, on.join(' '));
}

/** Where sound goes on, if `at` lies in a long silence of all tracks; else null. */
export function after_silence(
  tracks: readonly Pick<Source, 'peaks'>[],
  duration: number,
  at: number,
): number | null {
  const n = Math.max(0, ...tracks.map((track) => track.peaks.length));
  if (n === 0 || duration <= 0) return null;
  const step = duration / n;
  const loud = (i: number) =>
    tracks.some((track) => {
      const k = Math.floor((i * track.peaks.length) / n);
      return (track.peaks[k] ?? 0) > silence_level;
    });
  let i = Math.floor(at / step);
  while (i < n && !loud(i)) i += 1;
  const next = Math.min(duration, i * step) - silence_keep_s;
  return next - at >= silence_least_s ? next : null;
}

export class PlayerControl {
  readonly tracks: readonly Source[];
  readonly duration: number;
  private state_: PlayerState;
  private at_ = 0;
  private sounds_: HTMLAudioElement[] = [];
  // Sounds whose length is known; before that their own place means nothing.
  private readonly ready_ = new WeakSet<HTMLAudioElement>();
  private frame_ = 0;
  private pacing_ = 0;
  private together_ = new Together();
  private paused_at_: number | null = null; // where a pause may be followed by a step back
  private leveller_: Leveller | null = null;
  private readonly watchers_ = new Set<() => void>();
  private readonly frames_ = new Set<(at: number) => void>();

  constructor(tracks: readonly Source[], duration: number, start = 0) {
    this.tracks = tracks;
    this.duration = duration;
    this.at_ = start;
    this.state_ = {
      playing: false,
      loading: false,
      failed: false,
      rate: kept.rate,
      solo: null,
      loop: null,
      skip_silence: kept.skip_silence,
      level: kept.level,
      step_back: kept.step_back,
    };
  }

  get state(): PlayerState {
    return this.state_;
  }
  get at(): number {
    return this.at_;
  }
  get audible(): boolean {
    return this.tracks.some((track) => track.src);
  }

  /** Makes the sounds; the returned function lets go of them (the place is kept). */
  attach(): () => void {
    this.sounds_ = this.tracks.map((track) => this.make_sound(track));
    return () => {
      this.pause();
      for (const sound of this.sounds_) {
        sound.removeAttribute('src');
        sound.load();
      }
      this.sounds_ = [];
      this.leveller_?.close();
      this.leveller_ = null;
    };
  }

  subscribe = (told: () => void): (() => void) => {
    this.watchers_.add(told);
    return () => this.watchers_.delete(told);
  };
  /** Called at every frame while playing, and after every jump. */
  on_frame(told: (at: number) => void): () => void {
    this.frames_.add(told);
    told(this.at_);
    return () => this.frames_.delete(told);
  }

  toggle(): void {
    if (this.state_.playing) this.pause();
    else this.play();
  }
  play(): void {
    const lead = this.lead();
    if (!lead || !this.audible) return;
    if (this.at_ >= this.duration - 0.05) this.place_sounds(this.state_.loop?.from ?? 0);
    else if (this.state_.step_back && this.paused_at_ === this.at_)
      this.place_sounds(Math.max(this.state_.loop?.from ?? 0, this.at_ - step_back_s));
    this.paused_at_ = null;
    this.level_sounds();
    this.set({ playing: true, loading: !this.has_sound_ahead(), failed: false });
    this.together_ = new Together();
    this.pace();
    for (const sound of this.audible_sounds()) {
      sound.play().catch((error: unknown) => {
        // A pause right after play aborts it; only a real refusal is a fault.
        if (error instanceof DOMException && error.name === 'AbortError') return;
        this.pause();
        this.set({ failed: true });
      });
    }
    cancelAnimationFrame(this.frame_);
    this.frame_ = requestAnimationFrame(this.tick);
    clearInterval(this.pacing_); // not by frames: a busy machine paints few, a hidden page none
    this.pacing_ = window.setInterval(this.pace, pace_ms);
  }
  pause(): void {
    cancelAnimationFrame(this.frame_);
    clearInterval(this.pacing_);
    for (const sound of this.sounds_) sound.pause();
    if (!this.state_.playing) return;
    this.paused_at_ = this.at_;
    this.set({ playing: false, loading: false });
  }
  seek(at: number): void {
    this.place_sounds(Math.min(this.duration, Math.max(0, at)));
  }
  /** Evidence is heard from a little before it. */
  play_from(at: number, lead_in = 0): void {
    this.seek(at - lead_in);
    this.play();
  }
  step(seconds: number): void {
    this.seek(this.at_ + seconds);
  }
  set_rate(rate: number): void {
    keep({ rate });
    this.set({ rate });
    this.pace();
  }
  faster(): void {
    this.set_rate(rates.find((rate) => rate > this.state_.rate) ?? this.state_.rate);
  }
  slower(): void {
    this.set_rate(rates.findLast((rate) => rate < this.state_.rate) ?? this.state_.rate);
  }
  set_solo(track: string | null): void {
    this.tracks.forEach((one, i) => {
      const sound = this.sounds_[i];
      if (sound) sound.muted = track !== null && one.id !== track;
    });
    this.set({ solo: track });
  }
  set_skip_silence(skip_silence: boolean): void {
    keep({ skip_silence });
    this.set({ skip_silence });
  }
  set_level(level: boolean): void {
    keep({ level });
    this.set({ level });
    if (this.state_.playing) this.level_sounds();
  }
  set_step_back(step_back: boolean): void {
    keep({ step_back });
    this.set({ step_back });
  }
  set_loop(loop: Span | null): void {
    this.set({ loop });
  }
  /** `[`: the loop starts here. */
  loop_from(): void {
    const to = this.state_.loop?.to ?? this.duration;
    this.set({
      loop: { from: this.at_, to: to - this.at_ < shortest_loop_s ? this.duration : to },
    });
  }
  /** `]`: the loop ends here. */
  loop_to(): void {
    const from = this.state_.loop?.from ?? 0;
    if (this.at_ - from < shortest_loop_s) return;
    this.set({ loop: { from, to: this.at_ } });
  }

  private set(change: Partial<PlayerState>): void {
    this.state_ = { ...this.state_, ...change };
    this.watchers_.forEach((told) => told());
  }
  private audible_sounds(): HTMLAudioElement[] {
    return this.sounds_.filter((sound) => sound.src);
  }
  private lead(): HTMLAudioElement | undefined {
    return this.audible_sounds().find((sound) => !sound.muted);
  }
  private has_sound_ahead(): boolean {
    return this.audible_sounds().every((sound) => sound.ended || sound.readyState >= 3);
  }
  private pace = (): void => {
    const lead = this.lead();
    if (!lead || !this.state_.playing) return;
    const now = performance.now() / 1000;
    this.together_.pace(this.audible_sounds(), lead, this.state_.rate, now);
  };
  private make_sound(track: Source): HTMLAudioElement {
    const sound = new Audio();
    // Each load of the sound is written to the audit log as listening: nothing before «play».
    sound.preload = 'none';
    sound.preservesPitch = true;
    if (!track.src) return sound;
    sound.src = track.src;
    sound.onloadedmetadata = () => {
      if (this.at_ > 0) sound.currentTime = this.at_;
      this.ready_.add(sound);
    };
    sound.oncanplay = this.pace;
    sound.onplaying = () =>
      this.state_.loading && this.has_sound_ahead() && this.set({ loading: false });
    sound.onwaiting = () => this.state_.playing && this.set({ loading: true });
    sound.ontimeupdate = () => document.hidden && this.state_.playing && this.advance();
    sound.onended = () => {
      if (sound !== this.lead()) return;
      if (this.state_.loop) return this.place_sounds(this.state_.loop.from);
      this.show(this.duration);
      this.pause();
    };
    sound.onerror = () => {
      if (!sound.getAttribute('src')) return;
      this.pause();
      this.set({ failed: true });
    };
    return sound;
  }
  /** Sounds go through the leveller from the first time it is asked for. */
  private level_sounds(): void {
    if (!this.leveller_ && !this.state_.level) return;
    this.leveller_ ??= new Leveller(this.sounds_);
    this.leveller_.set(this.tracks.map((one) => (this.state_.level ? level_gain(one.peaks) : 1)));
  }
  private place_sounds(at: number): void {
    for (const sound of this.sounds_) {
      if (this.ready_.has(sound)) sound.currentTime = at;
      if (this.state_.playing && sound.src && sound.paused)
        void sound.play().catch(() => undefined);
    }
    this.pace();
    this.show(at);
  }
  private show(at: number): void {
    this.at_ = at;
    this.frames_.forEach((told) => told(at));
  }
  private tick = (): void => {
    this.advance();
    if (this.state_.playing) this.frame_ = requestAnimationFrame(this.tick);
  };
  private advance(): void {
    const lead = this.lead();
    if (!lead || lead.seeking || !this.ready_.has(lead)) return;
    const at = Math.min(this.duration, lead.currentTime);
    const { loop, skip_silence } = this.state_;
    if (loop && at >= loop.to) return this.place_sounds(loop.from);
    const next = skip_silence ? after_silence(this.tracks, this.duration, at) : null;
    if (next !== null && (!loop || next < loop.to)) return this.place_sounds(next);
    this.show(at);
  }
}
