import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { PlayerControl, type PlayerState, type Source } from './engine';

/**
 * The control of the record `key`: it lives as long as the record is shown, through a swap of
 * what stands beside it, so that the second is never lost.
 */
export function usePlayer(
  key: string,
  tracks: readonly Source[],
  duration: number,
  start = 0,
): PlayerControl {
  const address = tracks.map((track) => track.src ?? '').join('|');
  // A record is named by its key and what is heard; a new array of the same tracks is no news.
  // eslint-disable-next-line react-hooks/exhaustive-deps
  const control = useMemo(
    () => new PlayerControl(tracks, duration, start),
    [key, address, duration],
  );
  useEffect(() => control.attach(), [control]);
  return control;
}

export function usePlayerState(control: PlayerControl): PlayerState {
  return useSyncExternalStore(control.subscribe, () => control.state);
}

const warmed = new Set<string>();
/**
 * Loads the sound of the record that comes next into the browser's cache. The server is told that
 * nobody hears it yet; when it is played it is asked again, and writes down the listening.
 */
export function warm(src: string): void {
  if (warmed.has(src)) return;
  warmed.add(src);
  fetch(src, { headers: { 'X-Ahead': '1' }, credentials: 'same-origin' })
    .then((answer) => answer.arrayBuffer())
    .catch(() => warmed.delete(src));
}
