// Time zones as a list to choose from.
import { minus, nbsp } from '../../lib/numbers';
import type { Zone } from './queries';

/** UTC+05:30, with a true minus. */
export function offset_text(minutes: number): string {
  const whole = Math.abs(minutes);
  const two = (value: number) => String(value).padStart(2, '0');
  const sign = minutes < 0 ? minus : '+';
  return `UTC${sign}${two(Math.floor(whole / 60))}:${two(whole % 60)}`;
}

export function zone_choices(zones: readonly Zone[]): { value: string; label: string }[] {
  return zones.map((zone) => ({
    value: zone.name,
    label: `${zone.name.replace(/_/g, ' ')}${nbsp} ${offset_text(zone.offset_minutes)}`,
  }));
}

/** The browser's zone when the server knows it. */
export function likely_zone(zones: readonly Zone[], browser: string): string {
  return zones.some((zone) => zone.name === browser) ? browser : '';
}
export function browser_zone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}
