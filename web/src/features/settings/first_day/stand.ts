// What a fresh install has and lacks: read from what exists, so the first day may be left and
// resumed anywhere.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../../api/call';
import type { CheckList, FormRow, SignalRow } from '../../../api/types';
import {
  useDevices,
  useForms,
  usePoints,
  useRecorders,
  useSites,
  type Device,
  type Point,
  type Recorder,
  type Site,
} from '../queries';

const newest_signals = 50;
/** A panel is paired and a button pressed on another screen; only the second is told live. */
const asks_every_ms = 3_000;

export interface Stand {
  site?: Site;
  points: Point[];
  point?: Point;
  recorder?: Recorder;
  device?: Device;
  forms: FormRow[];
  has_forms: boolean;
  /** The point was tried: a test press got its clip. */
  tried: boolean;
  /** The newest press of the point that counts, with its clip if it sounds. */
  first?: SignalRow;
  scored: boolean;
}

function useSignalsOf(point: string | undefined) {
  return useQuery({
    queryKey: ['signal', 'first_day', point],
    queryFn: () =>
      get<{ items: SignalRow[] }>('/signals', {
        point: point ?? '',
        undone: 1,
        limit: newest_signals,
      }),
    enabled: Boolean(point),
  });
}
const useDone = () =>
  useQuery({
    queryKey: ['check', 'first_day'],
    queryFn: () => get<CheckList>('/checks', { state: 'done', limit: 1 }),
  });

export function stand_of(read: {
  sites: readonly Site[];
  points: readonly Point[];
  wanted: string | null;
  recorders: readonly Recorder[];
  devices: readonly Device[];
  forms: readonly FormRow[];
  signals: readonly SignalRow[];
  done: number;
}): Stand {
  const points = read.points.filter((one) => !one.archived_at);
  const point = points.find((one) => one.id === read.wanted) ?? points[0];
  const here = (one: { point_id: string | null }) => Boolean(point) && one.point_id === point?.id;
  const has = (purpose: string) => read.forms.some((one) => one.purpose === purpose);
  const real = read.signals.filter((one) => !one.undone);
  return {
    site: read.sites.find((one) => one.id === point?.site_id),
    points,
    point,
    recorder: read.recorders.find((one) => here(one) && !one.archived_at),
    device: read.devices.find((one) => here(one) && !one.revoked_at),
    forms: [...read.forms],
    has_forms: has('standard') && has('signal'),
    tried: read.signals.some((one) => one.test && one.length_ms !== null),
    first: real.find((one) => one.length_ms !== null) ?? real[0],
    scored: read.done > 0,
  };
}

/** `pairing`: a code is shown, so the panel may come in any moment. */
export function useStand(wanted: string | null, pairing: boolean) {
  const sites = useSites();
  const points = usePoints();
  const recorders = useRecorders();
  const devices = useDevices(pairing ? asks_every_ms : undefined);
  const forms = useForms();
  const done = useDone();
  const open = points.data?.items.filter((one) => !one.archived_at) ?? [];
  const chosen = open.find((one) => one.id === wanted) ?? open[0];
  const signals = useSignalsOf(chosen?.id);
  const asked = [sites, points, recorders, devices, forms, done];
  const lists = chosen ? [...asked, signals] : asked;
  const ready = lists.every((one) => one.data !== undefined);
  const data = ready
    ? stand_of({
        sites: sites.data?.items ?? [],
        points: points.data?.items ?? [],
        wanted,
        recorders: recorders.data?.items ?? [],
        devices: devices.data?.items ?? [],
        forms: forms.data?.items ?? [],
        signals: signals.data?.items ?? [],
        done: done.data?.items.length ?? 0,
      })
    : undefined;
  return {
    data,
    error: lists.find((one) => one.error && !one.data)?.error ?? null,
    refetch: () => Promise.all(lists.map((one) => one.refetch())),
  };
}
