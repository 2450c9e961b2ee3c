// The lamp tells the age of the last covered second; a point fed by files says nothing of now.
import { expect, it } from 'vitest';
import type { PanelView } from './api';
import { lamp_of } from './lamp';

const server = Date.parse('2026-11-20T09:00:00Z');
const instant = (at: number) => new Date(at).toISOString();

function tone(feed: PanelView['feed'], age_s: number | null, offline_s = 0) {
  const view = {
    feed,
    zone: 'UTC',
    server_at: instant(server),
    covered_until: age_s === null ? null : instant(server - age_s * 1000),
  } as PanelView;
  const offline_since = offline_s > 0 ? server : null;
  return lamp_of({ view, offline_since, paused: null }, server + offline_s * 1000).tone;
}

it('is green while covered, amber when late, red when silent', () => {
  expect([1.5, 8, 20, null].map((age) => tone('live', age))).toEqual([
    'green',
    'amber',
    'red',
    'red',
  ]);
});

it('says nothing of a point that files feed, however young the last one is', () => {
  expect(tone('files', 0)).toBe('');
  expect(tone('none', null)).toBe('red');
});

it('knows nothing of now when the server was heard a minute ago', () => {
  expect(tone('live', 1, 30)).toBe('green');
  expect(tone('live', 1, 90)).toBe('amber');
});
