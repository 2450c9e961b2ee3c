import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { list_file, get, id_part } from '../../api/call';
import type { Given, PointRow } from '../../api/types';
import type { Asked, RowsAsked } from './asked';

export type FigureValue = Omit<FigureGroup, 'key' | 'label' | 'change'>;
export type Change = NonNullable<Figure['change']>;
export type FigureGroup = Given<'FigureGroupView'>;
export type Figure = Given<'FigureView'>;
export type FigureRow = Given<'FigureRowView'>;
export type BoardCell = Given<'BoardCell'>;

const query_of = ({ from, to, point }: Asked) => ({ from, to, point });
const compared = ({ with_from, with_to }: Asked) => ({ with_from, with_to });

export function useFigures(asked: Asked, by: 'point' | 'button' | 'person') {
  return useQuery({
    queryKey: ['figure', 'list', query_of(asked), compared(asked), by],
    queryFn: ({ signal }) =>
      get<Given<'FigureList'>>('/figures', { ...query_of(asked), ...compared(asked), by }, signal),
    placeholderData: (before) => before,
  });
}
export function useBoard(asked: Asked) {
  return useQuery({
    queryKey: ['figure', 'board', query_of(asked)],
    queryFn: ({ signal }) => get<Given<'BoardView'>>('/board', query_of(asked), signal),
    placeholderData: (before) => before,
  });
}
const rows_query = (asked: Asked, rows: RowsAsked) => ({
  ...query_of(asked),
  point: rows.point || asked.point,
  group_by: rows.by,
  group: rows.group,
  part: rows.part,
  reason: rows.reason,
});
const rows_path = (rows: RowsAsked) => `/figures/${id_part(rows.figure)}/rows`;
export const figure_rows_file = (asked: Asked, rows: RowsAsked, format: 'csv' | 'xlsx') =>
  list_file(rows_path(rows), format, rows_query(asked, rows));
export function useFigureRows(asked: Asked, rows: RowsAsked) {
  return useInfiniteQuery({
    queryKey: ['figure', 'rows', query_of(asked), rows],
    queryFn: ({ pageParam, signal }) =>
      get<Given<'FigureRows'>>(
        rows_path(rows),
        { ...rows_query(asked, rows), after: pageParam },
        signal,
      ),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
}
export function usePoints() {
  return useQuery({
    queryKey: ['point', 'list'],
    queryFn: () => get<{ items: PointRow[] }>('/points'),
    staleTime: 5 * 60_000,
  });
}
