// A form being filled: what stands where, what colour an answer has, what comes next.
import type { CheckAnswer, CheckEvidence, FormAnswer, FormBody, FormItem } from '../../api/types';
import { text_of } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { seconds_of } from '../../lib/sound';
import type { Tone } from '../../ui/StateWord';

export const na = 'na';

export interface Row {
  no: number;
  item: FormItem;
  section: string;
}
export function rows_of(body: FormBody): Row[] {
  let no = 0;
  return body.sections.flatMap((section) =>
    section.items.map((item) => ({ no: (no += 1), item, section: section.key })),
  );
}

/** 0…1: how good an answer is, by the rule of the form. */
export function worth(answer: FormAnswer, all: readonly FormAnswer[]): number {
  if (answer.value_num !== null && answer.value_den) return answer.value_num / answer.value_den;
  const points = all.map((one) => one.points ?? 0);
  const own = answer.points ?? 0;
  // Around a norm of zero a minus is a fault and the norm itself is fine.
  if (points.some((one) => one < 0)) return own < 0 ? 0 : 1;
  const most = Math.max(...points);
  return most > 0 ? own / most : 1;
}

export function tone_of(item: FormItem, key: string): Tone {
  if (key === na || key === '') return 'text';
  const answer = item.answers.find((one) => one.key === key);
  if (!answer) return 'text';
  const value = worth(answer, item.answers);
  return value >= 1 ? 'green' : value <= 0 ? 'red' : 'amber';
}

export function answer_label(item: FormItem, key: string): string {
  const own = item.answers.find((one) => one.key === key)?.label;
  return own || (text_of(`ui.check.answer.${key}`) ?? key);
}

/** The answers as keys give them: 1…9 in order, then N/A. */
export function choices_of(item: FormItem): { key: string; cap: string }[] {
  const given = item.answers.map((one, i) => ({ key: one.key, cap: i < 9 ? `Digit${i + 1}` : '' }));
  return item.na_allowed === false ? given : [...given, { key: na, cap: 'Digit0' }];
}

export type Answers = ReadonlyMap<string, CheckAnswer>;
export function answers_of(list: readonly CheckAnswer[]): Map<string, CheckAnswer> {
  return new Map(list.map((one) => [one.item, one]));
}
export function is_answered(answers: Answers, key: string): boolean {
  return Boolean(answers.get(key)?.answer);
}

/** The next unanswered item after `from`, then from the top; `from` when all are answered. */
export function next_open(rows: readonly Row[], answers: Answers, from: number): number {
  const order = [...rows.slice(from + 1), ...rows.slice(0, from + 1)];
  const next = order.find((row) => !is_answered(answers, row.item.key));
  return next ? next.no - 1 : from;
}

/** An answer below the full one must be shown on the recording before the check can end. */
export function lacks_evidence(item: FormItem, key: string, shown: readonly CheckEvidence[]) {
  const tone = tone_of(item, key);
  return (tone === 'red' || tone === 'amber') && !shown.some((one) => one.item === item.key);
}
/** «Нет» and its like: why it was so is asked for in place. */
export function is_fault(item: FormItem, key: string): boolean {
  return tone_of(item, key) === 'red';
}

export interface SheetFlag {
  id: string;
  at: number;
  no: number;
  tone: Tone;
}
export function flags_of(
  body: FormBody,
  evidence: readonly CheckEvidence[],
  answers: Answers,
): SheetFlag[] {
  const rows = rows_of(body);
  return evidence.flatMap((one) => {
    const row = rows.find(({ item }) => item.key === one.item);
    if (!row || one.clip_sample === null) return [];
    const tone = tone_of(row.item, answers.get(one.item)?.answer ?? '');
    return [{ id: one.id, at: seconds_of(one.clip_sample), no: row.no, tone }];
  });
}

/** 72,7 — the server rounds once; here only the comma is put. */
export function percent_text(value: number | null): string | null {
  return value === null ? null : number(value, 1);
}
