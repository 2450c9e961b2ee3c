import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, id_part } from '../../api/call';
import type { Maybe, PointRow } from '../../api/types';
import type { Asked, RowsAsked } from './asked';

export interface FigureValue {
  value: Maybe<number>;
  n: number;
  missing: number;
  left_out: number;
  low: Maybe<number>;
  high: Maybe<number>;
  few: boolean;
}
export interface FigureGroup extends FigureValue {
  key: string;
  label: string;
}
export interface Figure extends FigureValue {
  name: string;
  title: string;
  formula: string;
  unit: string;
  row_kind: string;
  n_wanted: number;
  undefined_reason: Maybe<string>;
  groups: FigureGroup[];
}
export interface FigureRow {
  kind: string;
  id: string;
  title: string;
  at: string;
  value: Maybe<number>;
}
export interface BoardCell {
  day: string;
  point_id: string;
  point_name: string;
  n: number;
}

const query_of = ({ from, to, point }: Asked) => ({ from, to, point });

export function useFigures(asked: Asked, by: 'point' | 'button' | 'person') {
  return useQuery({
    queryKey: ['figure', 'list', query_of(asked), by],
    queryFn: ({ signal }) =>
      get<{ items: Figure[] }>('/figures', { ...query_of(asked), by }, signal),
    placeholderData: (before) => before,
  });
}
export function useBoard(asked: Asked) {
  return useQuery({
    queryKey: ['figure', 'board', query_of(asked)],
    queryFn: ({ signal }) =>
      get<{ signals_by_day: BoardCell[] }>('/board', query_of(asked), signal),
    placeholderData: (before) => before,
  });
}
export function useFigureRows(asked: Asked, rows: RowsAsked) {
  return useInfiniteQuery({
    queryKey: ['figure', 'rows', query_of(asked), rows],
    queryFn: ({ pageParam, signal }) =>
      get<{ items: FigureRow[]; next: Maybe<string>; total: number }>(
        `/figures/${id_part(rows.figure)}/rows`,
        {
          ...query_of(asked),
          point: rows.point || asked.point,
          group_by: rows.by,
          group: rows.group,
          part: rows.part,
          after: pageParam,
        },
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
