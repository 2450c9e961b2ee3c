// The lamp: how old the last covered second of the point is. A point fed only by files never says
// that it records: nobody knows before the file comes.
import type { Panel } from './panel';
import { locale, t } from './words';

/** A live recorder hands over each second within two: older than this is late, then silence. */
const live_within_ms = 5_000;
const late_within_ms = 15_000;
/** What the server said longer ago says nothing about now. */
const known_for_ms = 60_000;

export function time_of(at: number, zone: string): string {
  return new Intl.DateTimeFormat(locale(), { timeStyle: 'short', timeZone: zone }).format(at);
}

export interface Lamp {
  words: string;
  tone: 'green' | 'red' | 'amber' | '';
}

export function lamp_of(
  panel: Pick<Panel, 'view' | 'offline_since' | 'paused'>,
  now: number,
): Lamp {
  const { view } = panel;
  if (!view) return { words: t('ui.panel.lamp_unknown'), tone: 'amber' };
  if (panel.paused) return { words: t('ui.panel.lamp_paused'), tone: 'amber' };
  if (view.feed === 'none') return { words: t('ui.panel.lamp_none'), tone: 'red' };
  if (view.feed === 'files') return { words: t('ui.panel.lamp_files'), tone: '' };
  if (panel.offline_since !== null && now - Date.parse(view.server_at) > known_for_ms)
    return { words: t('ui.panel.lamp_unknown'), tone: 'amber' };
  const until = view.covered_until ? Date.parse(view.covered_until) : null;
  // Between two questions to the server the last second grows older by itself.
  const age = until === null ? Infinity : Date.parse(view.server_at) - until;
  if (age <= live_within_ms) return { words: t('ui.panel.lamp_on'), tone: 'green' };
  if (age <= late_within_ms) return { words: t('ui.panel.lamp_late'), tone: 'amber' };
  return until === null
    ? { words: t('ui.panel.lamp_never'), tone: 'red' }
    : { words: t('ui.panel.lamp_off', { time: time_of(until, view.zone) }), tone: 'red' };
}
