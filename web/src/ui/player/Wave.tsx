// The drawn record: wave, gaps, press, evidence, bookmarks, loop, axis, and the moving place.
import {
  useEffect,
  useId,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
  type PointerEvent,
} from 'react';
import { place } from '../../lib/times';
import type { PlayerControl } from './engine';
import { at_of, scale_of, wave_path, x_of } from './geometry';
import { usePlayerState } from './usePlayer';
import {
  Axis,
  Buttons,
  Holes,
  label_row,
  Loop,
  Patterns,
  shape_of,
  Uprights,
  useFlags,
  Words,
  type WaveProps,
} from './WaveParts';

function useWidth() {
  const box = useRef<HTMLDivElement>(null);
  const [width, set_width] = useState(0);
  useLayoutEffect(() => {
    const held = box.current;
    if (!held) return undefined;
    set_width(held.clientWidth);
    const watch = new ResizeObserver(() => set_width(held.clientWidth));
    watch.observe(held);
    return () => watch.disconnect();
  }, []);
  return { box, width };
}

/** Moves the played part and the play line by hand: 60 times a second is not for React. */
function useMovingParts(control: PlayerControl, width: number, origin: number) {
  const clip = useRef<SVGRectElement>(null);
  const line = useRef<SVGGElement>(null);
  const box = useRef<HTMLDivElement>(null);
  useEffect(
    () =>
      control.on_frame((at) => {
        const x = x_of(at, control.duration, width);
        clip.current?.setAttribute('width', String(Math.max(0, x)));
        line.current?.setAttribute('transform', `translate(${x.toFixed(2)} 0)`);
        box.current?.setAttribute('aria-valuenow', at.toFixed(1));
        box.current?.setAttribute('aria-valuetext', place(at, origin));
      }),
    [control, width, origin],
  );
  return { clip, line, slider: box };
}

export function Wave(props: WaveProps) {
  const { control, origin, marks, holes, flags, label } = props;
  const id = useId().replace(/[^\w-]/g, '');
  const { box, width } = useWidth();
  const { duration, tracks } = control;
  const { loop } = usePlayerState(control);
  const words_above = marks.length + holes.length > 0;
  const shape = shape_of(tracks.length, flags.length > 0 && words_above);
  const { clip, line, slider } = useMovingParts(control, width, origin);
  const hover = useRef<SVGGElement>(null);
  const hover_text = useRef<SVGTextElement>(null);
  const put = useFlags(flags, duration, width);
  const silent = !control.audible;
  const path = useMemo(() => {
    const scale = scale_of(tracks.map((track) => track.peaks));
    return tracks
      .map((track, i) => {
        const at = shape.lines[i];
        return at ? wave_path(track.peaks, width, at.y, at.half, scale, holes, duration) : '';
      })
      .join('');
  }, [tracks, width, holes, duration, shape.lines.length, shape.top]);
  const x_in = (event: PointerEvent) =>
    event.clientX - (box.current?.getBoundingClientRect().left ?? 0);
  const point = (event: PointerEvent) => {
    const x = Math.min(width, Math.max(0, x_in(event)));
    if (event.buttons === 1 && !silent) control.seek(at_of(x, duration, width));
    hover.current?.setAttribute('transform', `translate(${x} 0)`);
    hover.current?.setAttribute('visibility', event.pointerType === 'mouse' ? 'visible' : 'hidden');
    if (!hover_text.current) return;
    hover_text.current.textContent = place(at_of(x, duration, width), origin);
    hover_text.current.setAttribute('x', String(Math.min(width - x - 18, Math.max(18 - x, 0))));
  };
  return (
    <div ref={box} className="o-wave" style={{ height: shape.height }}>
      <div
        ref={slider}
        role="slider"
        tabIndex={0}
        aria-label={label}
        aria-valuemin={0}
        aria-valuemax={Math.round(duration)}
        aria-valuenow={0}
        aria-disabled={silent || undefined}
        className="o-wave-in"
        onPointerMove={point}
        onPointerLeave={() => hover.current?.setAttribute('visibility', 'hidden')}
        onPointerDown={(event) => {
          if (event.button !== 0 || silent) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          control.seek(at_of(x_in(event), duration, width));
        }}
      >
        <svg width={width} height={shape.height} aria-hidden="true">
          <Patterns id={id} />
          <clipPath id={`${id}-played`}>
            <rect ref={clip} width="0" height={shape.height} />
          </clipPath>
          {loop && <Loop loop={loop} duration={duration} width={width} shape={shape} />}
          <path d={path} className="o-w-bars" />
          <path d={path} className="o-w-bars o-w-played" clipPath={`url(#${id}-played)`} />
          <Holes holes={holes} id={id} duration={duration} width={width} shape={shape} />
          <Uprights marks={marks} flags={put} duration={duration} width={width} shape={shape} />
          <Words props={props} duration={duration} width={width} row={shape.top - label_row} />
          {!silent && (
            <g ref={hover} visibility="hidden" className="o-w-hover">
              <path d={`M0 ${shape.top}V${shape.bottom}`} />
              <text ref={hover_text} y={shape.height - 4} textAnchor="middle" />
            </g>
          )}
          <Axis duration={duration} origin={origin} width={width} y={shape.height - 4} />
          {!silent && (
            <g ref={line} className="o-w-now">
              <path d={`M0 ${shape.top}V${shape.bottom}`} />
              <circle cy={shape.top} r="4" />
            </g>
          )}
        </svg>
      </div>
      <Buttons props={props} flags={put} width={width} shape={shape} />
    </div>
  );
}
