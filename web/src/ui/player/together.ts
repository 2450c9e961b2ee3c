// Tracks of one record heard as one: all go on together or none does, and who is a little off is
// led back by speed. Owns no sound; lives while the record plays; times in seconds.

/** What is used of a sound; an HTMLAudioElement is one. */
export interface Track {
  currentTime: number;
  playbackRate: number;
  preservesPitch: boolean;
  readonly readyState: number;
  readonly seeking: boolean;
  readonly ended: boolean;
}

const near_s = 0.005; // a track nearer than this is left alone
// At another speed than 1 a browser stretches sound by blocks, and the place it tells swings.
const near_stretched_s = 0.012;
const even_s = 0.0015; // a track that is led is let go at this
const far_s = 0.1; // farther than this is put right by a jump
const settle_s = 0.4; // what is off is made up for in about this time
const lean_most = 0.05; // a semitone is 6 %
const patience_s = 4; // led for so long and still off: by a jump, too
const has_sound_ahead = 3; // HTMLMediaElement.HAVE_FUTURE_DATA

/** How much faster a track runs that is `off` ahead of the first. */
export const lean_of = (off: number): number =>
  Math.max(-lean_most, Math.min(lean_most, -off / settle_s));

/** Chromium leaves its stretching of sound at speed 1; coming back to it for a lean of some per
 *  cent costs about 20 ms, each time. Without it such a lean is a shade of pitch and exact. */
function set_rate(track: Track, rate: number, stretched: boolean): void {
  if (track.preservesPitch !== stretched) track.preservesPitch = stretched;
  if (track.playbackRate !== rate) track.playbackRate = rate;
}

export class Together {
  private readonly led_since_ = new Map<Track, number>();

  /**
   * Looks once, `now` being seconds of any clock; some times a second and at every change of what
   * is ready. While one of the tracks is not, all stand still.
   */
  pace(tracks: readonly Track[], lead: Track, rate: number, now: number): void {
    const stretched = rate !== 1;
    const going = tracks.filter((track) => !track.ended);
    const off_of = (track: Track) => track.currentTime - lead.currentTime;
    const ready = () =>
      going.every((track) => !track.seeking && track.readyState >= has_sound_ahead);
    if (ready() && !lead.ended)
      for (const track of going)
        if (track !== lead && this.is_lost(track, off_of(track), now)) this.jump(track, lead);
    if (going.length > 1 && !ready()) {
      this.led_since_.clear();
      for (const track of going) set_rate(track, 0, stretched);
      return;
    }
    for (const track of going)
      set_rate(track, rate * (1 + this.lean(track, lead, stretched, now)), stretched);
  }

  private is_lost(track: Track, off: number, now: number): boolean {
    const since = this.led_since_.get(track) ?? now;
    return Math.abs(off) > far_s || now - since > patience_s;
  }
  private jump(track: Track, lead: Track): void {
    this.led_since_.delete(track);
    track.currentTime = lead.currentTime;
  }
  private lean(track: Track, lead: Track, stretched: boolean, now: number): number {
    const off = track.currentTime - lead.currentTime;
    const near = stretched ? near_stretched_s : near_s;
    const led = this.led_since_.has(track);
    if (track === lead || lead.ended || Math.abs(off) < (led ? even_s : near)) {
      this.led_since_.delete(track);
      return 0;
    }
    if (!led) this.led_since_.set(track, now);
    return lean_of(off);
  }
}
