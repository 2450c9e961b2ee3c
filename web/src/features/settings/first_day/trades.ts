// What a trade begins with: its buttons, its question, its forms. The words stand in the catalogue.
import { send } from '../../../api/call';
import type { FormRow } from '../../../api/types';
import { t } from '../../../lib/lang';
import { day_key, start_of_day } from '../../../lib/times';
import { body_to_send } from '../form_body';
import type { MapButton, Point, Question, Starter } from '../queries';
import type { Stand } from './stand';

export const trades = ['salon', 'autoservice', 'shop', 'clinic', 'call_center'] as const;
export type Trade = (typeof trades)[number];
export const trade_of = (word: string | null): Trade | undefined =>
  trades.find((one) => one === word);

const kinds = ['answer', 'idea', 'complaint', 'praise'] as const;
const window_ms = 60_000;

/** Four buttons with the trade's own words; the first answers its question. */
export function buttons_of(trade: Trade, question?: string): MapButton[] {
  return kinds.map((kind, i) => ({
    key: String(i + 1),
    label: t(`ui.trade.${trade}.${kind}`),
    kind,
    question_id: kind === 'answer' ? (question ?? null) : null,
    window_before_ms: window_ms,
    window_after_ms: window_ms,
    merge: false,
    prompts: t(`ui.trade.${trade}.${kind}_ask`),
    code: '',
    score_pad: false,
  }));
}

export const forms_of = (starters: readonly Starter[], trade: Trade) =>
  starters.filter((one) => one.trade === trade);
/** Those of the set that are not there yet; a form of the same name is the same form. */
export const missing_forms = (set: readonly Starter[], forms: readonly FormRow[]) =>
  set.filter((one) => !forms.some((form) => form.name === one.name && !form.archived_at));

/** It stands there since the morning: files of today come before anybody looks at settings. */
export const make_recorder = (point: Point) =>
  send('post', '/recorders', {
    name: t('ui.first_day.recorder_name', { point: point.name }),
    channels: 1,
    pickup: 'upload',
    point_id: point.id,
    begin_at: new Date(start_of_day(day_key(Date.now(), point.zone), point.zone)).toISOString(),
  });

export async function make_device(
  point: { id: string; name: string },
  trade: Trade,
  questions: readonly Question[],
): Promise<void> {
  const text = t(`ui.trade.${trade}.question`);
  const known = questions.find((one) => one.text === text && !one.archived_at);
  const question =
    known?.id ?? (await send<{ id: string }>('post', '/questions', { text })).data.id;
  await send('post', '/devices', {
    name: t('ui.first_day.device_name', { point: point.name }),
    point_id: point.id,
    buttons: buttons_of(trade, question),
  });
}

export async function make_forms(set: readonly Starter[], forms: readonly FormRow[]) {
  for (const one of missing_forms(set, forms))
    await send('post', '/forms', {
      name: one.name,
      purpose: one.purpose,
      body: body_to_send(one.body),
    });
}

/** Everything that the point still lacks, in the order it is used. */
export async function make_missing(
  stand: Stand,
  trade: Trade,
  starters: readonly Starter[],
  questions: readonly Question[],
): Promise<void> {
  const { point } = stand;
  if (!point) return;
  if (!stand.recorder) await make_recorder(point);
  if (!stand.device) await make_device(point, trade, questions);
  if (!stand.has_forms) await make_forms(forms_of(starters, trade), stand.forms);
}
