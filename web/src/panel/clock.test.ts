import { describe, expect, it } from 'vitest';
import { age_of, instant_of, type Known, type Stamp } from './clock';

const server = Date.UTC(2026, 10, 20, 12);
const hour = 3_600_000;
/** A press `ago` before now; the device's clock is wrong by `off` then and by `off_now` now. */
function pressed(ago: number, off: number, more: Partial<Stamp> = {}): Stamp {
  return {
    wall: server - ago + off,
    mono: 100_000,
    boot: 'a',
    offset: -off,
    heard: server - ago - hour,
    ...more,
  };
}
function sent(off: number, ago: number, more: Partial<Known> = {}): Known {
  return { wall: server + off, mono: 100_000 + ago, boot: 'a', offset: -off, ...more };
}

describe('the age of a press', () => {
  it('is exact with a right clock and no sleep', () => {
    expect(age_of(pressed(5 * hour, 0), sent(0, 5 * hour))).toEqual({
      age_ms: 5 * hour,
      uncertainty_ms: 500,
    });
  });
  it('is not shortened by sleep, during which nothing counts', () => {
    expect(age_of(pressed(9 * hour, 0), sent(0, hour)).age_ms).toBe(9 * hour);
  });
  it('survives a clock that shows 1970 all the time', () => {
    const off = -server;
    expect(age_of(pressed(hour, off), sent(off, hour)).age_ms).toBe(hour);
  });
  it('survives a clock of 1970 that is set right before sending', () => {
    // The server was heard before with the right clock; the reboot lost it, then it was set again.
    const stamp = pressed(hour, -server, { offset: 0 });
    expect(age_of(stamp, sent(0, hour))).toEqual({ age_ms: hour, uncertainty_ms: 60_000 });
  });
  it('survives a clock of next year', () => {
    const off = 365 * 24 * hour;
    const stamp = pressed(hour, off, { offset: 0 }); // set after the server was heard
    expect(age_of(stamp, sent(off, hour))).toEqual({ age_ms: hour, uncertainty_ms: 500 });
  });
  it('says more uncertainty after a reload', () => {
    const now = sent(0, 10, { boot: 'b' });
    expect(age_of(pressed(hour, 0), now)).toEqual({ age_ms: hour, uncertainty_ms: 2000 });
  });
  it('takes the only possible wall clock after a reboot into 1970', () => {
    const off = -server;
    const stamp = pressed(hour, off, { offset: 0 });
    expect(age_of(stamp, sent(off, 10, { boot: 'b' }))).toEqual({
      age_ms: hour,
      uncertainty_ms: 60_000,
    });
  });
  it('says the whole interval when nothing is known', () => {
    const stamp = pressed(hour, -server, { offset: 0 });
    const got = age_of(stamp, sent(0, 10, { boot: 'b' }));
    expect(got.age_ms).toBeGreaterThan(0);
    expect(got.age_ms - got.uncertainty_ms).toBeLessThanOrEqual(hour);
    expect(got.age_ms + got.uncertainty_ms).toBeGreaterThanOrEqual(hour);
  });
  it('is never negative', () => {
    expect(age_of(pressed(-hour, 0), sent(0, -hour)).age_ms).toBe(0);
  });
});

describe('a mark', () => {
  const boot = 'a';
  const stamp = { wall: 1_000_000, mono: 5_000, boot, offset: 300, heard: 1_000_250, about: 4 };

  it('told at once is known to the network and some milliseconds', () => {
    const now = { wall: 1_003_000, mono: 8_000, boot, offset: 310, about: 9 };
    const { at, about } = instant_of(stamp, now);
    expect(at).toBe(1_000_300);
    expect(about).toBeLessThan(6);
  });

  it('heard without network counts back from the next answer', () => {
    const alone = { ...stamp, heard: 1_000_300 - 3_600_000, about: 400 };
    const now = { wall: 1_000_000 + 7_200_000, mono: 7_205_000, boot, offset: 290, about: 10 };
    const { at, about } = instant_of(alone, now);
    expect(at).toBe(1_000_290);
    expect(about).toBeGreaterThan(700); // two hours of a crystal that nobody knows
    expect(about).toBeLessThan(800);
  });

  it('of a page that was left is known as a press is', () => {
    const now = { wall: 1_000_000 + 7_200_000, mono: 3_000, boot: 'b', offset: 300, about: 10 };
    const { about } = instant_of({ ...stamp, heard: null }, now);
    expect(about).toBeGreaterThanOrEqual(2_000);
  });
});
