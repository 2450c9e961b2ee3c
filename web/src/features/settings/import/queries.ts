import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { get, get_with_version, id_part } from '../../../api/call';
import type { Given } from '../../../api/types';

export type Import = Given<'ImportView'>;
export type ImportFile = Given<'ImportFileView'>;
export type ImportSettings = Given<'ImportSettings'>;
export type ImportRow = Given<'ImportRowView'>;
export type ImportKind = Import['import_kind'];
export type RowAction = ImportRow['action'];
export type YearCalendar = Given<'CalendarView'>;
export type PastScore = Given<'PastScoreView'>;
export type FormDraft = Given<'FormDraftPage'>;

export const kinds = ['staff', 'form', 'past_scores', 'calendar', 'contacts', 'presses'] as const;
export const actions = ['made', 'changed', 'same', 'bad'] as const;
/** Of the administrator alone; the server asks the same. */
export const needs_people_right = (kind: ImportKind) =>
  ['staff', 'calendar', 'presses'].includes(kind);
export const is_at_work = (one: Import) => ['waiting', 'running', 'undoing'].includes(one.state);

/** Often enough to see it move; the live events tell sooner. */
const at_work_ms = 1000;

export const useImports = () =>
  useInfiniteQuery({
    queryKey: ['import', 'list'],
    queryFn: ({ pageParam }) =>
      get<{ items: Import[]; next: string | null }>('/imports', { after: pageParam }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
export const useImport = (id: string) =>
  useQuery({
    queryKey: ['import', 'one', id],
    queryFn: async () => (await get_with_version<Import>(`/imports/${id_part(id)}`)).data,
    refetchInterval: ({ state }) => (state.data && is_at_work(state.data) ? at_work_ms : false),
  });
/** Rows as of one version of the import: another choice of columns gives others. */
export const useImportRows = (one: Import, action: RowAction | 'kept') =>
  useInfiniteQuery({
    queryKey: ['import', 'rows', one.id, one.version, action],
    queryFn: ({ pageParam }) =>
      get<{ items: ImportRow[]; next: string | null }>(`/imports/${id_part(one.id)}/rows`, {
        ...(action === 'kept' ? { kept: '1' } : { action }),
        after: pageParam,
      }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    enabled: !is_at_work(one),
  });
/** Presses of a log that have no fragment; asked again while fragments are on their way. */
export const useWithoutFragment = (id: string, coming: boolean) =>
  useInfiniteQuery({
    queryKey: ['import', 'presses', id],
    queryFn: ({ pageParam }) =>
      get<Given<'LoggedPressList'>>(`/imports/${id_part(id)}/presses`, { after: pageParam }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: coming ? at_work_ms : false,
  });
export const useCalendars = () =>
  useQuery({
    queryKey: ['calendar', 'list'],
    queryFn: () => get<{ items: YearCalendar[] }>('/work-calendars'),
  });
export const useFormDraft = (id: string) =>
  useQuery({
    queryKey: ['form', 'draft', id],
    queryFn: () => get<FormDraft>(`/form-drafts/${id_part(id)}`),
    retry: false,
  });
export const usePastScore = (id: string) =>
  useQuery({
    queryKey: ['import', 'past', id],
    queryFn: () => get<PastScore>(`/past-scores/${id_part(id)}`),
  });
