// The map of the product: an address, and the page that answers it. Pages load when first opened.
import type { ComponentType } from 'react';
import { createBrowserRouter, type RouteObject } from 'react-router';
import { server_answers } from '../api/base';
import { more_words } from '../lib/lang';
import { App } from './App';

/** While the server is away a page that was never opened waits for it; the one shown stays. */
async function patiently<T>(load: () => Promise<T>): Promise<T> {
  for (let reached = false; ;) {
    try {
      return await load();
    } catch (error) {
      if (reached) throw error;
      reached = await server_answers();
      if (!reached) await new Promise((done) => setTimeout(done, 1000));
    }
  }
}

/** A page in its own chunk: page(() => import('../features/inbox/InboxPage'), 'InboxPage'). */
export function page<Name extends string>(
  load: () => Promise<Record<Name, ComponentType>>,
  name: Name,
): Pick<RouteObject, 'lazy'> {
  return { lazy: async () => ({ Component: (await patiently(load))[name] }) };
}

const day = () => import('./DayPage');
const record = () => import('./RecordPage');
const small = () => import('./pages');
/** A page whose words are not those of the first one. */
const worded = async <Page,>(load: () => Promise<Page>) =>
  (await Promise.all([load(), more_words()]))[0];
const points = () => worded(() => import('./PointsPages'));
const repair = () => worded(() => import('./RepairPage'));
const settings = () => worded(() => import('./SettingsPage'));
const board = () => worded(() => import('./BoardPage'));
const guide = () => worded(() => import('./GuidePage'));
const first_day = () => worded(() => import('./FirstDayPages'));
const tour = () => worded(() => import('./TourPages'));
const nowhere = () => worded(() => import('./NotFoundPage'));
const password = () => worded(() => import('./pages'));

export const routes: RouteObject[] = [
  {
    path: '/',
    Component: App,
    // The first page's own chunk is on its way; the frame is drawn by it.
    HydrateFallback: () => null,
    children: [
      { index: true, ...page(day, 'DayPage') },
      // One component for all of these: the player lives on while its neighbour changes.
      { path: 'inbox', ...page(record, 'RecordPage') },
      { path: 'inbox/:signal', ...page(record, 'RecordPage') },
      { path: 'checks/:check', ...page(record, 'RecordPage') },
      { path: 'draws', ...page(record, 'RecordPage') },
      { path: 'draws/:draw', ...page(record, 'RecordPage') },
      { path: 'clips/:clip', ...page(small, 'ClipPage') },
      { path: 'checks', ...page(small, 'ChecksPage') },
      { path: 'tour', ...page(tour, 'TourStartPage') },
      { path: 'password', ...page(password, 'PasswordPage') },
      { path: 'board', ...page(board, 'BoardPage') },
      { path: 'points', ...page(points, 'PointsPage') },
      { path: 'points/:point/check', ...page(first_day, 'PointCheckPage') },
      { path: 'points/:point/papers', ...page(first_day, 'PapersPage') },
      { path: 'guide', ...page(guide, 'GuidePage') },
      { path: 'guide/:guide', ...page(guide, 'GuidePage') },
      { path: 'first-day', ...page(first_day, 'FirstDayPage') },
      { path: 'recordings/repair', ...page(repair, 'RepairPage') },
      { path: 'recordings/:recording', ...page(points, 'RecordingPage') },
      { path: 'settings', ...page(settings, 'SettingsPage') },
      { path: 'settings/:part', ...page(settings, 'SettingsPage') },
      { path: 'settings/:part/:id', ...page(settings, 'SettingsPage') },
      { path: '*', ...page(nowhere, 'NotFoundPage') },
    ],
  },
];

export const make_router = () => createBrowserRouter(routes);
