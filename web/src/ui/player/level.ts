// Loudness evened out: a quiet voice is raised by what its drawn wave shows, shouts are held down.

const voice_level = 0.6; // of full scale, where the loud tenth of speech is brought to
const most_gain = 8; // more would raise the noise of the room to a voice
const quiet = 0.02; // of full scale; silence says nothing about the voice

/** How many times louder a track is played; 1 when there is no voice to measure. */
export function level_gain(peaks: readonly number[]): number {
  const heard = peaks.filter((one) => one > quiet).sort((a, b) => a - b);
  const loud = heard[Math.floor(heard.length * 0.9)];
  return loud === undefined ? 1 : Math.min(most_gain, Math.max(1, voice_level / loud));
}

/** Owns the audio graph of one record; a sound that has come in stays in it. */
export class Leveller {
  private readonly context_ = new AudioContext();
  private readonly gains_: GainNode[];

  constructor(sounds: readonly HTMLAudioElement[]) {
    const hold = new DynamicsCompressorNode(this.context_, { threshold: -12, ratio: 8 });
    hold.connect(this.context_.destination);
    this.gains_ = sounds.map((sound) => {
      const gain = new GainNode(this.context_);
      this.context_.createMediaElementSource(sound).connect(gain).connect(hold);
      return gain;
    });
  }
  set(gains: readonly number[]): void {
    this.gains_.forEach((node, i) => (node.gain.value = gains[i] ?? 1));
    void this.context_.resume();
  }
  close(): void {
    void this.context_.close();
  }
}
