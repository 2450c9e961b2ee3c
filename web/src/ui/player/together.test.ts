import { beforeEach, describe, expect, it } from 'vitest';
import { Together } from './together';

const look_s = 0.05;

/** A sound that runs by its rate, `late` looks after it is told so, as browsers do. */
class Sound {
  currentTime: number;
  playbackRate = 1;
  preservesPitch = true;
  readyState = 4;
  seeking = false;
  ended = false;
  private told: number[] = [1, 1];
  constructor(at: number) {
    this.currentTime = at;
  }
  run(): void {
    this.told.push(this.playbackRate);
    this.currentTime += (this.told.shift() ?? 1) * look_s;
  }
}

describe('two tracks', () => {
  let one: Sound;
  let two: Sound;
  let together: Together;
  let now: number;
  const off_ms = () => (two.currentTime - one.currentTime) * 1000;
  const run = (seconds: number, rate = 1) => {
    for (const end = now + seconds; now < end; now += look_s) {
      together.pace([one, two], one, rate, now);
      one.run();
      two.run();
    }
  };
  beforeEach(() => {
    [one, two, together, now] = [new Sound(10), new Sound(10), new Together(), 100];
  });

  for (const off of [0.02, -0.02, 0.06, -0.06])
    it(`come together from ${off * 1000} ms, and are then left alone`, () => {
      two.currentTime += off;
      run(2.5);
      expect(Math.abs(off_ms())).toBeLessThan(2);
      expect([one.playbackRate, two.playbackRate]).toEqual([1, 1]);
    });
  it('run at 1 without stretching, and a lean is less than a semitone', () => {
    two.currentTime += 0.09;
    run(look_s);
    expect(two.playbackRate).toBeCloseTo(0.95, 9);
    expect([one.preservesPitch, two.preservesPitch]).toEqual([false, false]);
    run(look_s, 1.5);
    expect([one.preservesPitch, two.preservesPitch]).toEqual([true, true]);
    expect(one.playbackRate).toBe(1.5);
  });
  it('are not led by 4 ms, nor by the swing of stretched sound', () => {
    two.currentTime += 0.004;
    run(look_s);
    expect(two.playbackRate).toBe(1);
    two.currentTime += 0.007;
    run(look_s, 1.5);
    expect(two.playbackRate).toBe(1.5);
  });
  it('farther than 100 ms are put right by a jump', () => {
    two.currentTime += 0.3;
    run(look_s);
    expect(off_ms()).toBeCloseTo(0, 6);
  });
  it('are put right by a jump when speed does not lead them back', () => {
    two.run = () => (two.currentTime += look_s); // deaf to its speed
    two.currentTime += 0.03;
    run(3.5);
    expect(off_ms()).toBeCloseTo(30, 6);
    run(1);
    expect(off_ms()).toBeCloseTo(0, 6);
  });
  it('wait for the one that has nothing to play, and go on in one moment', () => {
    two.readyState = 2;
    together.pace([one, two], one, 1.25, now);
    expect([one.playbackRate, two.playbackRate]).toEqual([0, 0]);
    two.readyState = 4;
    one.seeking = true;
    together.pace([one, two], one, 1.25, now);
    expect([one.playbackRate, two.playbackRate]).toEqual([0, 0]);
    one.seeking = false;
    together.pace([one, two], one, 1.25, now);
    expect([one.playbackRate, two.playbackRate]).toEqual([1.25, 1.25]);
  });
  it('do not wait for one that is over, and one alone never waits', () => {
    [two.ended, two.readyState] = [true, 2];
    together.pace([one, two], one, 1, now);
    expect(one.playbackRate).toBe(1);
    one.readyState = 0;
    together.pace([one], one, 1, now);
    expect(one.playbackRate).toBe(1);
  });
  it('another that leads runs at the chosen speed at once', () => {
    two.currentTime += 0.05;
    run(look_s);
    expect(two.playbackRate).toBeLessThan(1);
    together.pace([one, two], two, 1, now);
    expect(two.playbackRate).toBe(1);
    expect(one.playbackRate).toBeGreaterThan(1);
  });
});
