import { expect, it } from 'vitest';
import { minus } from '../../lib/numbers';
import { likely_zone, offset_text, zone_choices } from './zones';

const zones = [
  { name: 'Asia/Kolkata', offset_minutes: 330 },
  { name: 'America/New_York', offset_minutes: -300 },
];
it('an offset has two digits and a true minus', () => {
  expect(offset_text(330)).toBe('UTC+05:30');
  expect(offset_text(-300)).toBe(`UTC${minus}05:00`);
  expect(offset_text(0)).toBe('UTC+00:00');
});
it('a zone is found by its name in words', () => {
  expect(zone_choices(zones)[1]?.label).toContain('America/New York');
  expect(zone_choices(zones)[1]?.value).toBe('America/New_York');
});
it("a browser's zone is offered only when the server knows it", () => {
  expect(likely_zone(zones, 'Asia/Kolkata')).toBe('Asia/Kolkata');
  expect(likely_zone(zones, 'Moon/Sea')).toBe('');
});
