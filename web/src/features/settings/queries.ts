import { useQuery } from '@tanstack/react-query';
import { get, id_part } from '../../api/call';
import type { FormBody, FormRow, Maybe, Purpose } from '../../api/types';

interface List<T> {
  items: T[];
}
const list = <T>(kind: string, path: string, stale = 30_000) =>
  useQuery({ queryKey: [kind, 'list'], queryFn: () => get<List<T>>(path), staleTime: stale });

export interface Site {
  id: string;
  name: string;
  zone: string;
  address: string;
  version: number;
  archived_at: Maybe<string>;
}
export interface Point {
  id: string;
  site_id: string;
  name: string;
  site_name: string;
  zone: string;
  give_up_after_ms: number;
  version: number;
  archived_at: Maybe<string>;
  basis_confirmed: boolean;
}
export interface Basis {
  ground: string;
  notice: string;
  signage: string;
  consent: string;
  retention_days: number;
  confirmed_at: string;
  confirmed_by_name: string;
}
export interface Duty {
  id: string;
  person_id: string;
  person_name: string;
  begin_at: string;
  end_at: Maybe<string>;
  source: string;
}
export interface Recorder {
  id: string;
  name: string;
  model: string;
  clock_source: string;
  channels: number;
  pickup: string;
  point_id: Maybe<string>;
  point_name: Maybe<string>;
  version: number;
  archived_at: Maybe<string>;
  newest_end_at: Maybe<string>;
  sessions_count: number;
}
export interface Device {
  id: string;
  name: string;
  point_id: string;
  point_name: string;
  seen_at: Maybe<string>;
  revoked_at: Maybe<string>;
  version: number;
  buttons_version: number;
}
export interface MapButton {
  key: string;
  label: string;
  kind: string;
  question_id: Maybe<string>;
  question_text?: Maybe<string>;
  window_before_ms: number;
  window_after_ms: number;
  merge: boolean;
  prompts: string;
  code: string;
  score_pad: boolean;
}
export interface ButtonMap {
  number: number;
  valid_from: string;
  buttons: MapButton[];
}
export interface Planned {
  id: string;
  question_id: string;
  question_text: string;
  point_name: Maybe<string>;
  weekdays: number;
  day_from: Maybe<string>;
  day_to: Maybe<string>;
}
export interface Question {
  id: string;
  text: string;
  prompts: string;
  organic: boolean;
  archived_at: Maybe<string>;
}
export interface Person {
  id: string;
  name: string;
  position: Maybe<string>;
  personnel_number: Maybe<string>;
  unit: string;
  archived_at: Maybe<string>;
  has_pin: boolean;
}
export interface Account {
  id: string;
  login: string;
  role: string;
  language: string;
  person_id: string;
  person_name: string;
  units: { unit: string }[];
  disabled_at: Maybe<string>;
  version: number;
  must_change_password: boolean;
}
export interface Unit {
  id: string;
  parent_id: Maybe<string>;
  kind: string;
  name: string;
}
export interface ParkedJob {
  id: string;
  stage: string;
  reason_code: string;
  reason_detail: string;
  parked_at: string;
  failures: number;
  crashes: number;
}
export interface AuditEntry {
  id: string;
  at: string;
  actor: string;
  verb: string;
  subject_kind: string;
  subject: string;
}
export interface Verdict {
  sealed: number;
  unsealed: number;
  first_bad: Maybe<number>;
  reason: string;
}
export interface FormView extends FormRow {
  body: FormBody;
}
export interface Starter {
  key: string;
  name: string;
  purpose: Purpose;
  body: FormBody;
}

export const useSites = () => list<Site>('site', '/sites');
export const usePoints = () => list<Point>('point', '/points');
export const useRecorders = () => list<Recorder>('recorder', '/recorders');
export const useDevices = () => list<Device>('device', '/devices');
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
