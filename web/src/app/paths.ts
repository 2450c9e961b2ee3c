// Every link of the desk. Filters stand in the query, so that an address is a view.

export type Query = Record<string, string | number | null | undefined>;

export function with_query(path: string, query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') search.set(name, String(value));
  }
  const text = search.toString();
  return text ? `${path}?${text}` : path;
}

export const paths = {
  home: '/',
  inbox: (query?: Query) => with_query('/inbox', query),
  /** A signal of the inbox, opened beside its list. */
  signal: (id: string, query?: Query) => with_query(`/inbox/${encodeURIComponent(id)}`, query),
  clip: (id: string) => `/clips/${encodeURIComponent(id)}`,
  checks: (query?: Query) => with_query('/checks', query),
  check: (id: string) => `/checks/${encodeURIComponent(id)}`,
  draw: (id?: string) => (id ? `/draws/${encodeURIComponent(id)}` : '/draws'),
  password: '/password',
  tour: '/tour',
  board: (query?: Query) => with_query('/board', query),
  points: (query?: Query) => with_query('/points', query),
  recording: (id: string) => `/recordings/${encodeURIComponent(id)}`,
  /** One recording or several, with commas between. */
  repair: (ids: string, query?: Query) => with_query('/recordings/repair', { ids, ...query }),
  /** The sound at a sample, moved by ear. */
  nudge: (recording: string, sample: number) =>
    with_query('/recordings/repair', { ids: recording, how: 'nudge', sample }),
  first_day: '/first-day',
  point_check: (id: string) => `/points/${encodeURIComponent(id)}/check`,
  papers: (id: string) => `/points/${encodeURIComponent(id)}/papers`,
  settings: (part?: string) => (part ? `/settings/${part}` : '/settings'),
} as const;
