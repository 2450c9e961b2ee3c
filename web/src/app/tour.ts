// Where the guided tour stands. It lives as long as the browser's tab: a reload goes on with it,
// and who closed it finds the same step again.
import { useSyncExternalStore } from 'react';

export interface TourState {
  step: number;
  open: boolean;
}
const key = 'otklik.tour';
const watchers = new Set<() => void>();

function kept(): TourState | null {
  try {
    const held = JSON.parse(sessionStorage.getItem(key) ?? 'null') as Partial<TourState> | null;
    return held && Number.isInteger(held.step)
      ? { step: Number(held.step), open: !!held.open }
      : null;
  } catch {
    return null; // storage may be forbidden; the tour then lasts until the page is left
  }
}
let state = kept();

export const tour_state = () => state;
export function put_tour(next: TourState | null): void {
  state = next;
  try {
    if (next) sessionStorage.setItem(key, JSON.stringify(next));
    else sessionStorage.removeItem(key);
  } catch {
    // as above
  }
  watchers.forEach((told) => told());
}
export const useTour = () =>
  useSyncExternalStore((told) => {
    watchers.add(told);
    return () => watchers.delete(told);
  }, tour_state);
