// One or two tracks that are heard together. The first one has the browser's own controls; the
// other follows it.
const apart_max_s = 0.1;

export class Pair {
  readonly node: HTMLAudioElement;
  private readonly all: HTMLAudioElement[];
  alone = -1; // the track that is heard by itself; −1: all of them

  constructor(sounds: readonly Blob[], label: string) {
    this.all = sounds.map((sound) => {
      const audio = document.createElement('audio');
      audio.src = URL.createObjectURL(sound);
      audio.preload = 'auto';
      return audio;
    });
    const [first = document.createElement('audio'), ...others] = this.all;
    this.node = first;
    first.controls = true;
    first.setAttribute('aria-label', label);
    const follow = (other: HTMLAudioElement) => {
      if (Math.abs(other.currentTime - first.currentTime) > apart_max_s)
        other.currentTime = first.currentTime;
    };
    for (const other of others) {
      first.addEventListener('play', () => {
        follow(other);
        void other.play();
      });
      first.addEventListener('pause', () => other.pause());
      first.addEventListener('seeked', () => follow(other));
      first.addEventListener('timeupdate', () => follow(other));
      first.addEventListener('ratechange', () => (other.playbackRate = first.playbackRate));
      first.addEventListener('volumechange', () => this.louden());
    }
  }

  get at(): number {
    return this.node.currentTime;
  }

  seek(to: number): void {
    this.node.currentTime = Math.max(0, to);
  }

  hear(alone: number): void {
    this.alone = alone;
    if (alone === 0 || alone < 0) this.node.muted = false;
    if (alone > 0) this.node.muted = true;
    this.louden();
  }

  /** The others have no controls: volume is the first one's, and who is heard alone is alone. */
  private louden(): void {
    this.all.slice(1).forEach((other, i) => {
      other.volume = this.node.volume;
      other.muted = this.alone >= 0 && this.alone !== i + 1;
    });
  }
}

/** m:ss, or h:mm:ss from an hour on. */
export function clock_text(ms: number): string {
  const whole = Math.floor(ms / 1000);
  const two = (n: number) => String(n).padStart(2, '0');
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}
