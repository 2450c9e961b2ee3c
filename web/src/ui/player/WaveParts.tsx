// Parts of the drawn record that stand still; Wave.tsx puts them together and moves the place.
import { IconBookmark } from '@tabler/icons-react';
import { type CSSProperties, useMemo } from 'react';
import { useT } from '../../lib/lang';
import { place } from '../../lib/times';
import type { Tone } from '../StateWord';
import type { PlayerControl, Span } from './engine';
import { pin_step_of, place_labels, spread, ticks, x_of } from './geometry';

export interface Mark {
  at: number;
  label: string;
  short: string;
}
export interface Hole extends Span {
  label: string;
  short: string;
  /** Lost for good, or still on its way. */
  kind: 'lost' | 'pending';
}
export interface Flag {
  id: string;
  at: number;
  text: string;
  tone: Tone;
  label: string;
}
export interface Bookmark {
  id: string;
  at: number;
  label: string;
}
export interface WaveProps {
  control: PlayerControl;
  origin: number;
  marks: readonly Mark[];
  holes: readonly Hole[];
  flags: readonly Flag[];
  bookmarks: readonly Bookmark[];
  label: string;
}

export const label_row = 20;
const flag_row = 22;
const least_hole = 4; // px: a gap is always seen
const heard_before_s = 2; // evidence plays from this much before

export interface Shape {
  top: number;
  bottom: number;
  height: number;
  lines: { y: number; half: number }[];
}
export function shape_of(tracks: number, flags_above: boolean): Shape {
  const top = label_row + (flags_above ? flag_row : 0);
  if (tracks < 2) {
    return { top, bottom: top + 72, height: top + 88, lines: [{ y: top + 36, half: 28 }] };
  }
  return {
    top,
    bottom: top + 78,
    height: top + 98,
    lines: [
      { y: top + 22, half: 16 },
      { y: top + 58, half: 16 },
    ],
  };
}

export function Patterns({ id }: { id: string }) {
  return (
    <defs>
      <pattern
        id={`${id}-hatch`}
        width="4"
        height="4"
        patternUnits="userSpaceOnUse"
        patternTransform="rotate(45)"
      >
        <path d="M0 0v4" className="o-w-hatch" />
      </pattern>
      <pattern id={`${id}-dots`} width="4" height="4" patternUnits="userSpaceOnUse">
        <circle cx="2" cy="2" r="1" className="o-w-dot" />
      </pattern>
    </defs>
  );
}

export function Holes({
  holes,
  id,
  duration,
  width,
  shape,
}: {
  holes: readonly Hole[];
  id: string;
  duration: number;
  width: number;
  shape: Shape;
}) {
  return holes.map((hole) => {
    const from = x_of(hole.from, duration, width);
    const wide = Math.max(least_hole, x_of(hole.to, duration, width) - from);
    if (hole.kind === 'lost') {
      return (
        <rect
          key={hole.from}
          x={from}
          y={shape.top + 4}
          width={wide}
          height={shape.bottom - shape.top - 8}
          fill={`url(#${id}-hatch)`}
          opacity=".75"
        />
      );
    }
    const y = (shape.top + shape.bottom) / 2 - 16;
    return (
      <g key={hole.from}>
        <rect
          x={from + 0.5}
          y={y + 0.5}
          width={Math.max(0, wide - 1)}
          height="31"
          className="o-w-pending"
        />
        <rect x={from} y={y} width={wide} height="32" fill={`url(#${id}-dots)`} />
      </g>
    );
  });
}

export function Words({
  props,
  duration,
  width,
  row,
}: {
  props: WaveProps;
  duration: number;
  width: number;
  row: number;
}) {
  const things = [
    ...props.marks.map((mark) => ({
      ...mark,
      weight: 2,
      x: x_of(mark.at, duration, width),
      cls: 'o-w-mark-t',
    })),
    ...props.holes
      .filter((hole) => hole.label)
      .map((hole) => ({
        ...hole,
        weight: 1,
        x: x_of((hole.from + hole.to) / 2, duration, width),
        cls: hole.kind === 'lost' ? 'o-w-lost-t' : 'o-w-pending-t',
      })),
  ];
  const placed = place_labels(
    things.map(({ x, label, short, weight }) => ({ x, long: label, short, weight })),
    width,
  );
  return things.map(
    (thing, i) =>
      placed[i]?.text && (
        <text
          key={`${thing.cls}${thing.x}`}
          x={placed[i]?.x}
          y={row + 14}
          textAnchor="middle"
          className={thing.cls}
        >
          {placed[i]?.text}
        </text>
      ),
  );
}

export function Axis({
  duration,
  origin,
  width,
  y,
}: {
  duration: number;
  origin: number;
  width: number;
  y: number;
}) {
  return ticks(duration, origin, width).map((tick) => (
    <text
      key={tick.at}
      x={tick.x}
      y={y}
      textAnchor={tick.anchor}
      className={origin > 0 && tick.at === origin ? 'o-w-zero' : 'o-w-tick'}
    >
      {origin > 0 && tick.at === origin ? '0' : place(tick.at, origin)}
    </text>
  ));
}

export interface PlacedFlag {
  flag: Flag;
  x: number;
  pin: number;
  step: number;
}
const by_finger = () => window.matchMedia('(pointer: coarse), (max-width: 640px)').matches;

/** Evidence lines with a tick at the true second, pins shifted apart above them. */
export function useFlags(flags: readonly Flag[], duration: number, width: number): PlacedFlag[] {
  return useMemo(() => {
    const sorted = [...flags].sort((a, b) => a.at - b.at);
    const xs = sorted.map((flag) => x_of(flag.at, duration, width));
    const step = pin_step_of(xs.length, width, by_finger());
    const put = spread(xs, step, 10, Math.max(10, width - 10));
    return sorted.map((flag, i) => ({ flag, x: xs[i] ?? 0, pin: put[i] ?? 0, step }));
  }, [flags, duration, width]);
}

interface Drawn {
  duration: number;
  width: number;
  shape: Shape;
}

/** The stretch that repeats, in brackets. */
export function Loop({ loop, duration, width, shape }: Drawn & { loop: Span }) {
  const [from, to] = [x_of(loop.from, duration, width), x_of(loop.to, duration, width)];
  const { top, bottom } = shape;
  return (
    <g className="o-w-loop">
      <rect x={from} y={top} height={bottom - top} width={Math.max(1, to - from)} />
      <path d={`M${from + 5} ${top}h-5V${bottom}h5M${to - 5} ${top}h5V${bottom}h-5`} />
    </g>
  );
}

/** Lines of presses and of evidence; those of evidence bend to their shifted pin. */
export function Uprights({
  marks,
  flags,
  duration,
  width,
  shape,
}: Drawn & { marks: readonly Mark[]; flags: readonly PlacedFlag[] }) {
  const { top, bottom } = shape;
  return (
    <>
      {marks.map((mark) => (
        <path
          key={mark.at}
          d={`M${x_of(mark.at, duration, width)} ${top}V${bottom}`}
          className="o-w-mark"
        />
      ))}
      {flags.map(({ flag, x, pin }) => (
        <path
          key={flag.id}
          className={`o-w-flag o-w-${flag.tone}`}
          d={
            pin === x && top === label_row
              ? `M${x} ${top}V${bottom}`
              : `M${pin} 20L${x} ${top + 4}V${bottom}`
          }
        />
      ))}
    </>
  );
}

/** What can be pressed on the wave: evidence pins and bookmarks. */
export function Buttons({
  props,
  flags,
  width,
  shape,
}: Omit<Drawn, 'duration'> & { props: WaveProps; flags: readonly PlacedFlag[] }) {
  const { control, bookmarks, origin } = props;
  const t = useT();
  const left = (at: number) => x_of(at, control.duration, width) - 10;
  return (
    <>
      {flags.map(({ flag, pin, step }) => (
        <button
          key={flag.id}
          type="button"
          className={`o-flag o-pin o-pin-${flag.tone}`}
          style={{ left: pin - 10, '--o-step': `${step}px` } as CSSProperties}
          aria-label={flag.label}
          title={flag.label}
          onClick={() => control.play_from(flag.at, heard_before_s)}
        >
          {flag.text}
        </button>
      ))}
      {bookmarks.map((one) => (
        <button
          key={one.id}
          type="button"
          className="o-bookmark"
          title={one.label}
          style={{ left: left(one.at), top: shape.bottom - 14 }}
          aria-label={t('ui.player.bookmark_at', { name: one.label, time: place(one.at, origin) })}
          onClick={() => control.seek(one.at)}
        >
          <IconBookmark size={14} aria-hidden />
        </button>
      ))}
    </>
  );
}
