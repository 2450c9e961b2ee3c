// Which parts of an address make a view: its filters, without what is open just now.

const passing = new Set(['rows', 'by', 'group', 'at', 'part', 'upload', 'item', 'point_open']);

/** The filters in one order, so that equal views have equal words. */
export function query_of(search: URLSearchParams, but: readonly string[] = []): string {
  const kept = [...search].filter(
    ([name, value]) => value !== '' && !passing.has(name) && !but.includes(name),
  );
  kept.sort(([a], [b]) => (a < b ? -1 : 1));
  return new URLSearchParams(kept).toString();
}

/** The view in force: whose filters are those of the address. */
export function current_of<View extends { query: string }>(
  views: readonly View[],
  search: URLSearchParams,
  but: readonly string[] = [],
): View | undefined {
  const query = query_of(search, but);
  return views.find((one) => query_of(new URLSearchParams(one.query), but) === query);
}
