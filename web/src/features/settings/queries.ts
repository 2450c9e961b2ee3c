import { useQuery } from '@tanstack/react-query';
import { get, id_part } from '../../api/call';
import type { Basis, Duty, FormRow, Given, PointRow } from '../../api/types';

interface List<T> {
  items: T[];
}
const list = <T>(kind: string, path: string, stale = 30_000, every?: number) =>
  useQuery({
    queryKey: [kind, 'list'],
    queryFn: () => get<List<T>>(path),
    staleTime: stale,
    refetchInterval: every ?? false,
  });

export type Site = Given<'SiteView'>;
export type Point = PointRow;
export type Recorder = Given<'RecorderView'>;
export type Device = Given<'DeviceView'>;
/** A key of the map as it is edited; those in force also have an id. */
export type MapButton = Omit<Given<'ButtonView'>, 'id' | 'question_text'>;
export type ButtonMap = Given<'ButtonMapView'>;
export type Question = Given<'QuestionView'>;
export type Planned = Given<'PlanView'>;
export type Person = Given<'PersonView'>;
export type Account = Given<'AccountView'>;
export type Unit = Given<'UnitView'>;
export type ParkedJob = Given<'ParkedJobView'>;
export type AuditEntry = Given<'AuditEntryView'>;
export type Verdict = Given<'VerdictView'>;
export type FormView = Given<'FormView'>;
export type Starter = Given<'StarterForm'>;
export type Template = Given<'TemplateView'>;
export type FormDefault = Given<'DefaultView'>;

export const useSites = () => list<Site>('site', '/sites');
export const usePoints = () => list<Point>('point', '/points');
export const useRecorders = () => list<Recorder>('recorder', '/recorders');
export const useDevices = (every?: number) => list<Device>('device', '/devices', 30_000, every);
/** How loud a live recorder is now; asked each second while it is looked at. */
export const useLevel = (recorder: string) =>
  useQuery({
    queryKey: ['recorder', 'level', recorder],
    queryFn: () => get<Given<'LevelView'>>(`/recorders/${id_part(recorder)}/level`),
    refetchInterval: 1000,
    staleTime: 0,
    retry: false, // the next one comes in a second
  });
export const useQuestions = () => list<Question>('question', '/questions');
export const usePlan = () => list<Planned>('plan', '/question-plan');
export const usePeople = () => list<Person>('person', '/people');
export const useAccounts = () => list<Account>('account', '/accounts');
export const useUnits = () => list<Unit>('unit', '/units');
export const useForms = () => list<FormRow>('form', '/forms');
export const useParked = () => list<ParkedJob>('job', '/jobs/parked', 0);
export const useZones = () =>
  list<{ name: string; offset_minutes: number }>('zone', '/zones', Infinity);
export const useStarters = (enabled: boolean) =>
  useQuery({
    queryKey: ['form', 'starters'],
    queryFn: () => get<List<Starter>>('/forms/starters'),
    enabled,
  });
export const useFormDefaults = () => list<FormDefault>('form-default', '/form-defaults');
export const useTemplates = (form: string) =>
  useQuery({
    queryKey: ['template', form],
    queryFn: () => get<List<Template>>(`/forms/${id_part(form)}/templates`),
  });
export const useForm = (id: string, enabled: boolean) =>
  useQuery({
    queryKey: ['form', 'one', id],
    queryFn: () => get<FormView>(`/forms/${id_part(id)}`),
    enabled,
  });
export const useBasis = (point: string, enabled: boolean) =>
  useQuery({
    queryKey: ['basis', point],
    queryFn: () => get<Basis>(`/points/${id_part(point)}/basis`),
    retry: false,
    enabled,
  });
export const useDuties = (point: string) =>
  useQuery({
    queryKey: ['duty', point],
    queryFn: () => get<List<Duty>>(`/points/${id_part(point)}/duty`),
  });
export const useButtonMaps = (device: string) =>
  useQuery({
    queryKey: ['device', 'maps', device],
    queryFn: () => get<List<ButtonMap>>(`/devices/${id_part(device)}/button-maps`),
  });
