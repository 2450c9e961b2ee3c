// A long list: only rows in sight are in the page; j and k walk, Enter opens.
import { useVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useMemo, useRef, type ReactNode } from 'react';
import { cx } from '../lib/cx';
import { useT } from '../lib/lang';
import { useHotkeys } from './hotkeys';

export interface Group<Row> {
  id: string;
  heading?: string;
  count?: string;
  rows: readonly Row[];
}
type Line<Row> = { kind: 'head'; group: Group<Row> } | { kind: 'row'; row: Row; index: number };

export interface ListProps<Row> {
  groups: readonly Group<Row>[];
  id_of: (row: Row) => string;
  selected: string | null;
  onSelect: (row: Row) => void;
  onOpen?: (row: Row) => void;
  /** Asked when the end comes into sight. */
  onEnd?: () => void;
  render: (row: Row, selected: boolean) => ReactNode;
  row_height?: number;
  label: string;
  /** What the scroll is kept under, so that coming back finds it: the key of the address. */
  place?: string;
  /** Rows chosen to be worked on together; with it the list lets choose. */
  chosen?: Chosen;
}
export interface Chosen {
  ids: ReadonlySet<string>;
  /** What is chosen from now on. */
  onChoose: (ids: ReadonlySet<string>) => void;
}

/** From the anchor to the row, both included; without an anchor in the list, the row alone. */
export function between(ids: readonly string[], anchor: string | null, to: string): string[] {
  const [a, b] = [anchor === null ? -1 : ids.indexOf(anchor), ids.indexOf(to)];
  return a < 0 ? [to] : ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}
const with_toggled = (ids: ReadonlySet<string>, id: string): Set<string> => {
  const next = new Set(ids);
  if (!next.delete(id)) next.add(id);
  return next;
};

const kept_scroll = new Map<string, number>();
const ahead = 10; // rows kept in the page beyond the edge, so that walking never shows a blank
const asked_ahead = 60; // rows from the end at which more are asked for: a second of fast scrolling

function lines_of<Row>(groups: readonly Group<Row>[]): { lines: Line<Row>[]; rows: Row[] } {
  const lines: Line<Row>[] = [];
  const rows: Row[] = [];
  for (const group of groups) {
    if (group.heading && group.rows.length > 0) lines.push({ kind: 'head', group });
    for (const row of group.rows) {
      lines.push({ kind: 'row', row, index: rows.length });
      rows.push(row);
    }
  }
  return { lines, rows };
}

export function List<Row>(props: ListProps<Row>) {
  const {
    groups,
    id_of,
    selected,
    onSelect,
    onOpen,
    onEnd,
    render,
    row_height = 52,
    place = '',
    chosen,
  } = props;
  const t = useT();
  const scroll = useRef<HTMLDivElement>(null);
  const { lines, rows } = useMemo(() => lines_of(groups), [groups]);
  const virtual = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroll.current,
    estimateSize: (i) => (lines[i]?.kind === 'head' ? 28 : row_height),
    getItemKey: (i) => {
      const line = lines[i];
      return !line ? i : line.kind === 'head' ? `#${line.group.id}` : id_of(line.row);
    },
    overscan: ahead,
    initialOffset: () => kept_scroll.get(place) ?? 0,
  });
  const at = rows.findIndex((row) => id_of(row) === selected);
  // A key held down is faster than what is drawn: the row reached last is kept apart.
  const edge = useRef<string | null>(null);
  const walk = (step: number) => {
    const next = rows[at < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, at + step))];
    if (!next) return;
    edge.current = null;
    onSelect(next);
    const line = lines.findIndex((one) => one.kind === 'row' && id_of(one.row) === id_of(next));
    virtual.scrollToIndex(line, { align: 'auto' });
    scroll.current?.focus({ preventScroll: true });
  };
  const current = rows[at];
  const anchor = useRef<string | null>(null);
  const ids = useMemo(() => (chosen ? rows.map(id_of) : []), [chosen, rows, id_of]);
  const choose = (id: string) => {
    anchor.current = id;
    edge.current = null;
    chosen?.onChoose(with_toggled(chosen.ids, id));
  };
  /** All from the row chosen last, as with Shift everywhere. */
  const choose_to = (id: string) => {
    const more = between(ids, anchor.current ?? selected, id);
    chosen?.onChoose(new Set([...(chosen?.ids ?? []), ...more]));
  };
  const choose_next = (step: number) => {
    const from = edge.current === null ? at : ids.indexOf(edge.current);
    const next = rows[Math.min(rows.length - 1, Math.max(0, (from < 0 ? at : from) + step))];
    if (!next || at < 0) return;
    if (edge.current === null) anchor.current = selected;
    edge.current = id_of(next);
    choose_to(edge.current);
    onSelect(next);
    const line = lines.findIndex((one) => one.kind === 'row' && id_of(one.row) === edge.current);
    virtual.scrollToIndex(line, { align: 'auto' });
  };
  // Coming to the list from elsewhere shows the row that is open.
  const selected_line = lines.findIndex((one) => one.kind === 'row' && id_of(one.row) === selected);
  const shown_selected = useRef(kept_scroll.has(place));
  useEffect(() => {
    if (shown_selected.current || selected_line < 0) return;
    shown_selected.current = true;
    virtual.scrollToIndex(selected_line, { align: 'auto' });
  }, [selected_line, virtual]);
  useEffect(() => {
    const held = scroll.current;
    if (!held || place === '') return undefined;
    const keep = () => kept_scroll.set(place, held.scrollTop);
    keep();
    held.addEventListener('scroll', keep, { passive: true });
    return () => held.removeEventListener('scroll', keep);
  }, [place]);
  const may_choose = Boolean(chosen);
  useHotkeys([
    {
      keys: 'Shift+KeyX',
      run: () => current && choose(id_of(current)),
      enabled: may_choose && Boolean(current),
      help: t('ui.keys.choose'),
      group: t('ui.keys.list'),
    },
    {
      keys: 'Shift+ArrowDown',
      run: () => choose_next(1),
      enabled: may_choose,
      help: t('ui.keys.choose_more'),
      group: t('ui.keys.list'),
    },
    { keys: 'Shift+ArrowUp', run: () => choose_next(-1), enabled: may_choose },
    {
      keys: 'Escape',
      run: () => chosen?.onChoose(new Set()),
      enabled: Boolean(chosen?.ids.size),
    },
    { keys: 'KeyJ', run: () => walk(1), help: t('ui.keys.next'), group: t('ui.keys.list') },
    { keys: 'KeyK', run: () => walk(-1), help: t('ui.keys.previous'), group: t('ui.keys.list') },
    {
      keys: 'Enter',
      run: () => current && onOpen?.(current),
      enabled: Boolean(current && onOpen),
      help: t('ui.keys.open'),
      group: t('ui.keys.list'),
    },
  ]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? -1;
  useEffect(() => {
    if (onEnd && last >= lines.length - asked_ahead && lines.length > 0) onEnd();
  }, [last, lines.length, onEnd]);
  return (
    <div
      ref={scroll}
      className="o-list o-scroll"
      tabIndex={0}
      role="listbox"
      aria-label={props.label}
      aria-multiselectable={may_choose || undefined}
      // Only a row that is in the page can be pointed at.
      aria-activedescendant={
        current && items.some((item) => item.index === selected_line)
          ? `row-${id_of(current)}`
          : undefined
      }
      data-hotkeys="through"
      onKeyDown={(event) => {
        if (event.target !== scroll.current) return;
        if (event.code !== 'ArrowDown' && event.code !== 'ArrowUp') return;
        if (event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        walk(event.code === 'ArrowDown' ? 1 : -1);
      }}
    >
      <div className="o-list-in" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const line = lines[item.index];
          if (!line) return null;
          const place = { transform: `translateY(${item.start}px)` };
          if (line.kind === 'head') {
            return (
              <div
                key={item.key}
                ref={virtual.measureElement}
                data-index={item.index}
                style={place}
                className="o-list-line o-group"
                role="presentation"
              >
                <b>{line.group.heading}</b>
                <span>{line.group.count}</span>
              </div>
            );
          }
          const id = id_of(line.row);
          const on = id === selected;
          return (
            <div
              key={item.key}
              ref={virtual.measureElement}
              data-index={item.index}
              style={place}
              id={`row-${id}`}
              role="option"
              aria-selected={chosen?.ids.size ? chosen.ids.has(id) : on}
              aria-posinset={line.index + 1}
              aria-setsize={rows.length}
              className={cx(
                'o-list-line',
                'o-list-row',
                on && 'o-on',
                chosen?.ids.has(id) && 'o-chosen',
              )}
              onClick={(event) => {
                if (chosen && event.shiftKey) return choose_to(id);
                if (chosen && (event.ctrlKey || event.metaKey)) return choose(id);
                onSelect(line.row);
              }}
              onDoubleClick={() => onOpen?.(line.row)}
            >
              {render(line.row, on)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
