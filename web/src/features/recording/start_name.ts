// When a file began, as its name says. Only a suggestion: the server reads the name by its rule.

const pairs: [RegExp, 'ymd' | 'dmy'][] = [
  [/(?<!\d)(20\d\d)[-_. ]?(\d\d)[-_. ]?(\d\d)[-_. T]?(\d\d)[-_.:h]?(\d\d)(?:[-_.:m]?(\d\d))?(?!\d)/,
    'ymd'], // prettier-ignore
  [/(?<!\d)(\d\d)[-_. ](\d\d)[-_. ](20\d\d)[-_. T](\d\d)[-_.:h](\d\d)(?:[-_.:m](\d\d))?(?!\d)/,
    'dmy'], // prettier-ignore
  [/(?<!\d)(\d\d)(\d\d)(\d\d)[-_ ]?(\d\d)(\d\d)(\d\d)?(?!\d)/, 'ymd'],
];

export interface Start {
  /** 2026-11-20 */
  day: string;
  /** 08:30:00 */
  time: string;
}

export function start_in_name(name: string): Start | undefined {
  for (const [form, order] of pairs) {
    const found = form.exec(name);
    if (!found) continue;
    const [, a = '', month = '', c = '', hour = '', minute = '', second = '00'] = found;
    const [year, date] = order === 'ymd' ? [a.length === 2 ? `20${a}` : a, c] : [c, a];
    const day = `${year}-${month}-${date}`;
    const time = `${hour}:${minute}:${second}`;
    const at = new Date(`${day}T${time}Z`);
    // A day such as 31 February is moved on by Date; then the name meant something else.
    if (!Number.isNaN(at.getTime()) && at.toISOString().startsWith(`${day}T${time}`))
      return { day, time };
  }
  return undefined;
}
