// The places of the desk, in the order of the navigation.
import {
  IconChartLine,
  IconCheckbox,
  IconClipboardCheck,
  IconInbox,
  IconMicrophone,
  IconSettings,
} from '@tabler/icons-react';
import type { Key } from '../lib/lang';
import type { Icon } from '../ui/Button';
import { paths } from './paths';

export interface Place {
  id: 'day' | 'inbox' | 'checks' | 'board' | 'points' | 'settings';
  to: string;
  word: Key;
  icon: Icon;
  /** Any of these rights opens the place. */
  rights: readonly string[];
  /** Stands in the bottom bar of a phone; the rest is behind «Ещё». */
  on_phone: boolean;
}

export const places: readonly Place[] = [
  {
    id: 'day',
    to: paths.home,
    word: 'ui.place.day',
    icon: IconCheckbox,
    rights: ['listen', 'see_own'],
    on_phone: true,
  },
  {
    id: 'inbox',
    to: paths.inbox(),
    word: 'ui.place.inbox',
    icon: IconInbox,
    rights: ['listen'],
    on_phone: true,
  },
  {
    id: 'checks',
    to: paths.checks(),
    word: 'ui.place.checks',
    icon: IconClipboardCheck,
    rights: ['check', 'see_own'],
    on_phone: true,
  },
  {
    id: 'board',
    to: paths.board(),
    word: 'ui.place.board',
    icon: IconChartLine,
    rights: ['see_figures'],
    on_phone: false,
  },
  {
    id: 'points',
    to: paths.points(),
    word: 'ui.place.points',
    icon: IconMicrophone,
    rights: ['see_recording'],
    on_phone: false,
  },
  {
    id: 'settings',
    to: paths.settings(),
    word: 'ui.place.settings',
    icon: IconSettings,
    rights: ['manage', 'manage_people', 'operate'],
    on_phone: false,
  },
];

export function places_of(rights: readonly string[]): Place[] {
  return places.filter((place) => place.rights.some((right) => rights.includes(right)));
}

/** The place an address belongs to; the guide, the tour and the like stand in none. */
export function place_of(pathname: string): Place | undefined {
  const here = (id: Place['id']) => places.find((place) => place.id === id);
  if (pathname.startsWith('/recordings')) return here('points');
  if (pathname.startsWith('/draws')) return here('checks');
  if (pathname.startsWith('/clips')) return here('inbox');
  return places.find(({ to }) => pathname === to || (to !== '/' && pathname.startsWith(`${to}/`)));
}
