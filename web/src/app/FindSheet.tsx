// Anything by its name: places, points, people, signals by time or words, things by their id.
import { Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState, type KeyboardEvent } from 'react';
import { useNavigate } from 'react-router';
import { get } from '../api/call';
import type { Given, PointRow, SignalList } from '../api/types';
import { cx } from '../lib/cx';
import { useT } from '../lib/lang';
import { kind_look, sentence_of } from '../lib/signal';
import { clock, day_short } from '../lib/times';
import { fits, joined, kind_of_id, type Found } from './found';
import { paths } from './paths';
import { places_of } from './places';
import { useSession } from './session';

const most = { near: 8, far: 20 };
const quiet_ms = 150; // typing is one question
const least_letters = 2;

/** All that may be found; lists come from the cache where a page has asked for them. */
function useFindable(): Found[] {
  const t = useT();
  const { rights } = useSession();
  const may = (right: string) => rights.includes(right);
  const points = useQuery({
    queryKey: ['point', 'list'],
    queryFn: () => get<{ items: PointRow[] }>('/points'),
    staleTime: 5 * 60_000,
    enabled: may('see_recording') || may('listen'),
  });
  const people = useQuery({
    queryKey: ['person', 'list'],
    queryFn: () => get<Given<'PersonList'>>('/people'),
    staleTime: 30_000,
    enabled: may('manage_people'),
  });
  const signals = useQuery({
    queryKey: ['signal', 'newest'],
    queryFn: () => get<SignalList>('/signals', { limit: 100 }),
    enabled: may('listen'),
  });
  const point_link = (id: string) =>
    may('see_recording') ? paths.points({ point: id }) : paths.inbox({ point: id });
  return [
    ...places_of(rights).map((one) => ({
      id: one.id,
      group: t('ui.shell.places'),
      name: t(one.word),
      to: one.to,
    })),
    ...(points.data?.items ?? []).map((one) => ({
      id: one.id,
      group: t('ui.find.points'),
      name: one.name,
      more: one.site_name,
      to: point_link(one.id),
    })),
    ...(people.data?.items ?? []).map((one) => ({
      id: one.id,
      group: t('ui.find.people'),
      name: one.name,
      more: one.position ?? undefined,
      to: paths.settings('people'),
    })),
    ...(signals.data?.items ?? []).map((one) => ({
      id: one.id,
      group: t('ui.find.signals'),
      name: sentence_of(one).text,
      more: `${one.point_name}, ${day_short(one.at, one.zone)} ${clock(one.at, one.zone)}`,
      to: paths.signal(one.id),
    })),
  ];
}

const by_id: Record<string, (id: string) => string> = {
  signal: (id) => paths.signal(id),
  clip: paths.clip,
  check: paths.check,
  draw: paths.draw,
  recording: paths.recording,
};

/** What the server finds, of any age; asked when typing rests. */
function useFar(typed: string): Found[] {
  const t = useT();
  const { rights } = useSession();
  const [rested, set_rested] = useState(typed);
  useEffect(() => {
    const timer = setTimeout(() => set_rested(typed.trim()), quiet_ms);
    return () => clearTimeout(timer);
  }, [typed]);
  const asked = useQuery({
    queryKey: ['signal', 'found', rested],
    queryFn: ({ signal }) => get<Given<'FoundList'>>('/find', { text: rested }, signal),
    placeholderData: (before) => before,
    enabled: rights.includes('listen') && rested.length >= least_letters,
  });
  if (typed.trim().length < least_letters) return [];
  const groups = { signal: 'signals', check: 'checks', recording: 'recordings' } as const;
  return (asked.data?.items ?? []).map((one) => ({
    id: one.id,
    group: t(`ui.find.${groups[one.kind]}`),
    name: one.title || one.label || kind_look(one.signal_kind).text,
    more: [
      `${one.point_name}, ${day_short(one.at, one.zone)} ${clock(one.at, one.zone)}`,
      one.person_name,
    ]
      .filter(Boolean)
      .join(' · '),
    to: by_id[one.kind]?.(one.id) ?? paths.home,
  }));
}

function useFound(typed: string): Found[] {
  const t = useT();
  const all = useFindable();
  const far = useFar(typed);
  const id = typed.trim();
  const link = by_id[kind_of_id(id) ?? ''];
  if (link) return [{ id, group: t('ui.find.by_id'), name: t('ui.find.open'), to: link(id) }];
  return joined(all.filter((one) => fits(one, typed)).slice(0, most.near), far, most.far);
}

export default function FindSheet({ onClose }: { onClose: () => void }) {
  const t = useT();
  const go = useNavigate();
  const [typed, set_typed] = useState('');
  const [at, set_at] = useState(0);
  const found = useFound(typed);
  const current = found[Math.min(at, found.length - 1)];
  const open = (one?: Found) => {
    if (!one) return;
    onClose();
    void go(one.to);
  };
  const on_key = (event: KeyboardEvent) => {
    const step = event.code === 'ArrowDown' ? 1 : event.code === 'ArrowUp' ? -1 : 0;
    if (step !== 0) set_at(Math.min(found.length - 1, Math.max(0, at + step)));
    else if (event.code === 'Enter' || event.code === 'NumpadEnter') open(current);
    else return;
    event.preventDefault();
  };
  return (
    <Modal
      opened
      lockScroll={false}
      onClose={onClose}
      title={t('ui.find.title')}
      size={640}
      yOffset="12vh"
      closeButtonProps={{ 'aria-label': t('ui.close') }}
    >
      <input
        className="o-find"
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="find-rows"
        aria-activedescendant={current && `find-${current.id}`}
        aria-label={t('ui.find.title')}
        placeholder={t('ui.find.hint')}
        value={typed}
        onKeyDown={on_key}
        onChange={(event) => {
          set_typed(event.currentTarget.value);
          set_at(0);
        }}
      />
      <ul className="o-found" id="find-rows" role="listbox" aria-label={t('ui.find.title')}>
        {found.map((one, i) => (
          <li
            key={one.id}
            id={`find-${one.id}`}
            role="option"
            aria-selected={one === current}
            className={cx(one === current && 'o-on')}
            onClick={() => open(one)}
            onPointerMove={() => set_at(i)}
          >
            <span className="o-3 o-s">{found[i - 1]?.group === one.group ? '' : one.group}</span>
            <span className="o-cut">{one.name}</span>
            {one.more && <span className="o-3 o-s o-cut">{one.more}</span>}
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="o-2">{t('ui.find.none')}</p>}
    </Modal>
  );
}
