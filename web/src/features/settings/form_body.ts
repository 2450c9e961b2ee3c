// A form while it is edited: keys are made once and never shown; answers keep exact fractions.
import type { FormAnswer, FormBody, FormItem } from '../../api/types';

export type Scoring = FormBody['scoring'];

/** A key the form has not yet: q1, q2… Keys of kept items stay, so old answers still fit. */
export function free_key(start: string, taken: readonly string[]): string {
  let n = taken.length + 1;
  while (taken.includes(`${start}${n}`)) n += 1;
  return `${start}${n}`;
}
export const item_keys = (body: FormBody) =>
  body.sections.flatMap((section) => section.items.map((item) => item.key));

const blank = (key: string): FormAnswer => ({
  key,
  label: '',
  value_num: null,
  value_den: null,
  points: null,
});
/** Answers a new question begins with. */
export function usual_answers(scoring: Scoring): FormAnswer[] {
  if (scoring === 'percentage')
    return [
      { ...blank('yes'), value_num: 1, value_den: 1 },
      { ...blank('partly'), value_num: 1, value_den: 2 },
      { ...blank('no'), value_num: 0, value_den: 1 },
    ];
  const [good, bad] = scoring === 'points' ? [1, 0] : [0, -1];
  return [
    { ...blank('yes'), points: good },
    { ...blank('no'), points: bad },
  ];
}
export function new_item(body: FormBody): FormItem {
  return {
    key: free_key('q', item_keys(body)),
    text: '',
    hint: null,
    weight: 1,
    critical: 'none',
    keep_score: false,
    na_allowed: true,
    answers: usual_answers(body.scoring),
  };
}
export function new_body(): FormBody {
  const body: FormBody = { scoring: 'percentage', na: 'remove', sections: [] };
  return { ...body, sections: [{ key: 's1', title: '', items: [new_item(body)] }] };
}

/** Another way of scoring asks for other values: each question starts with its usual answers. */
export function with_scoring(body: FormBody, scoring: Scoring): FormBody {
  if (scoring === body.scoring) return body;
  return {
    ...body,
    scoring,
    sections: body.sections.map((section) => ({
      ...section,
      items: section.items.map((item) => ({
        ...item,
        weight: scoring === 'percentage' ? item.weight : 1,
        answers: usual_answers(scoring),
      })),
    })),
  };
}

/** 50 → 1/2, 33.3 → 333/1000: the fraction that a person's per cent exactly is. */
export function fraction_of(percent: number): { value_num: number; value_den: number } {
  const num = Math.round(Math.min(100, Math.max(0, percent)) * 10);
  const common = (a: number, b: number): number => (b === 0 ? a : common(b, a % b));
  const by = common(num, 1000);
  return { value_num: num / by, value_den: 1000 / by };
}
export function percent_of({ value_num, value_den }: FormAnswer): number {
  return value_den ? ((value_num ?? 0) / value_den) * 100 : 0;
}

/** What the server takes: words that stand for «nothing» are left out. */
export function body_to_send(body: FormBody): object {
  const full = <T extends object>(value: T) =>
    Object.fromEntries(Object.entries(value).filter(([, one]) => one !== null));
  return {
    scoring: body.scoring,
    na: body.na,
    sections: body.sections.map((section) => ({
      ...section,
      items: section.items.map((item) => ({
        ...full({ ...item, hint: item.hint || null }),
        answers: item.answers.map((answer) => full(answer)),
      })),
    })),
  };
}

export function moved<T>(list: readonly T[], at: number, step: number): T[] {
  const to = at + step;
  const next = [...list];
  const [one] = next.splice(at, 1);
  if (one === undefined || to < 0 || to > next.length) return [...list];
  next.splice(to, 0, one);
  return next;
}
export function replaced<T>(list: readonly T[], at: number, part: Partial<T>): T[] {
  return list.map((one, i) => (i === at ? { ...one, ...part } : one));
}
export const dropped = <T>(list: readonly T[], at: number) => list.filter((_, i) => i !== at);
