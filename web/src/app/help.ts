// Which part of the guide tells about the page a person looks at.

interface Part {
  guide: string;
  part: string;
}
/** By the first word of the address. */
export const parts: Readonly<Record<string, Part>> = {
  '': { guide: 'checker', part: 'day' },
  inbox: { guide: 'checker', part: 'inbox' },
  clips: { guide: 'checker', part: 'inbox' },
  checks: { guide: 'checker', part: 'checks' },
  draws: { guide: 'checker', part: 'checks' },
  board: { guide: 'head', part: 'board' },
  points: { guide: 'administrator', part: 'points' },
  recordings: { guide: 'administrator', part: 'points' },
  settings: { guide: 'administrator', part: 'settings' },
  'first-day': { guide: 'administrator', part: 'first_day' },
};

export function guide_of(pathname: string, role: string): string {
  if (role === 'employee') return '/guide/employee#checks';
  const found = parts[pathname.split('/')[1] ?? ''];
  if (found) return `/guide/${found.guide}#${found.part}`;
  return `/guide/${role === 'administrator' ? 'administrator' : 'checker'}`;
}
