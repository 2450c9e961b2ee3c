// Keys by their place on the board (event.code), so that they work in the Russian layout too.
import { useEffect, useRef, useSyncExternalStore } from 'react';

export interface Hotkey {
  /** 'KeyJ', 'Shift+ArrowLeft', 'Ctrl+Enter'; Digit1 also means the number pad's 1. */
  keys: string;
  run: (event: KeyboardEvent) => void;
  /** Words for the list of keys (`?`); without them the key is not listed. */
  help?: string;
  /** Heading in the list of keys. */
  group?: string;
  enabled?: boolean;
}

interface Layer {
  read: () => readonly Hotkey[];
  over: boolean;
}

const layers: Layer[] = [];
const watchers = new Set<() => void>();
let version = 0;

/** 'Shift+Digit1' of an event; Cmd counts as Ctrl. */
export function combination(event: KeyboardEvent): string {
  const code = event.code.replace(/^Numpad(\d)$/, 'Digit$1').replace('NumpadEnter', 'Enter');
  const held =
    (event.ctrlKey || event.metaKey ? 'Ctrl+' : '') +
    (event.altKey ? 'Alt+' : '') +
    (event.shiftKey ? 'Shift+' : '');
  return held + code;
}

/** True while a person types: one-letter keys must then do nothing. */
export function is_typing(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  if (target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return (
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'button', 'submit', 'range'].includes(target.type)
  );
}

/** Enter and Space already mean something on a button or link that has the focus. */
function belongs_to_target(event: KeyboardEvent): boolean {
  if (event.code !== 'Enter' && event.code !== 'Space') return false;
  const target = event.target;
  return (
    target instanceof HTMLElement &&
    target.closest('button, a[href], summary, [role="menuitem"], [role="option"]') !== null &&
    target.closest('[data-hotkeys="through"]') === null
  );
}

function is_in_floating(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    target.closest('[role="menu"], [role="listbox"]:not([data-hotkeys])') !== null
  );
}

function dispatch(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || is_in_floating(event.target)) return;
  const name = combination(event);
  if (is_typing(event.target) && !name.startsWith('Ctrl+') && name !== 'Escape') return;
  if (belongs_to_target(event) && !name.includes('+')) return;
  const hit = in_order()
    .flatMap((layer) => layer.read())
    .find((key) => key.keys === name && key.enabled !== false);
  if (!hit) return;
  event.preventDefault();
  hit.run(event);
}

/** Layers as they are asked: those over all others, then the one mounted last. */
function in_order(): Layer[] {
  const last_first = [...layers].reverse();
  return [...last_first.filter(({ over }) => over), ...last_first.filter(({ over }) => !over)];
}

/**
 * Keys of one part of the page; the part mounted last is asked first. `over`: before all parts,
 * whenever they were mounted, as what is chosen goes before what is open.
 */
export function useHotkeys(keys: readonly Hotkey[], enabled = true, over = false): void {
  const held = useRef(keys);
  held.current = keys;
  useEffect(() => {
    if (!enabled) return undefined;
    const layer: Layer = { read: () => held.current, over };
    if (layers.length === 0) window.addEventListener('keydown', dispatch);
    layers.push(layer);
    version += 1;
    watchers.forEach((told) => told());
    return () => {
      layers.splice(layers.indexOf(layer), 1);
      if (layers.length === 0) window.removeEventListener('keydown', dispatch);
      version += 1;
      watchers.forEach((told) => told());
    };
  }, [enabled, over]);
}

/** The keys that work now and have words, for the list of keys. */
export function useKeyList(): Hotkey[] {
  useSyncExternalStore(
    (told) => {
      watchers.add(told);
      return () => watchers.delete(told);
    },
    () => version,
  );
  const seen = new Set<string>();
  return in_order()
    .flatMap((layer) => layer.read())
    .filter((key) => {
      if (!key.help || key.enabled === false || seen.has(key.keys)) return false;
      seen.add(key.keys);
      return true;
    });
}

const shown: Record<string, string> = {
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  BracketLeft: '[',
  BracketRight: ']',
  Comma: ',',
  Period: '.',
  Minus: '−',
  Slash: '/',
};

/** 'Shift+Slash' → ['?'], 'Ctrl+Enter' → ['Ctrl', 'Enter']. */
export function key_caps(keys: string): string[] {
  if (keys === 'Shift+Slash') return ['?'];
  return keys
    .split('+')
    .map(
      (part) =>
        shown[part] ??
        part.replace(/^Key(.)$/, (_, letter: string) => letter.toLowerCase()).replace(/^Digit/, ''),
    );
}
