// A day of a point as one strip: recorded, lost (hatched), not come yet (dotted), presses as ticks.
import { useT } from '../../lib/lang';
import { kind_look } from '../../lib/signal';
import { clock } from '../../lib/times';
import { is_today, minutes_of, ticks_of, type DayLook, type Span } from './coverage';

function place(span: Span, frame: Span): React.CSSProperties | null {
  const whole = frame.to - frame.from;
  const left = Math.max(0, (span.from - frame.from) / whole);
  const right = Math.min(1, (span.to - frame.from) / whole);
  if (right < 0 || left > 1) return null;
  return { left: `${left * 100}%`, width: `${(right - left) * 100}%` };
}

export function DayStrip({
  look,
  frame,
  now,
  label,
}: {
  look: DayLook;
  frame: Span;
  now: number;
  label: string;
}) {
  const t = useT();
  const time = (at: number) => clock(at, look.zone);
  const parts = (spans: readonly Span[], look_class: string, word: (span: Span) => string) =>
    spans.map((span) => {
      const style = place(span, frame);
      return style && <i key={span.from} className={look_class} style={style} title={word(span)} />;
    });
  const range = (span: Span) => `${time(span.from)}–${time(span.to)}`;
  const today = is_today(look, now);
  const said = t('ui.points.strip', {
    recorded: minutes_of(look.recorded_ms),
    lost: minutes_of(look.lost_ms),
    presses: look.presses.length,
  });
  return (
    <div className="o-strip" role="img" aria-label={`${label}: ${said}`}>
      <div className="o-strip-ticks">
        {look.presses.map((press) => {
          const style = place({ from: press.at, to: press.at }, frame);
          return (
            style && (
              <i
                key={press.id}
                style={{ left: style.left }}
                className={press.silent === 'lost' ? 'o-tick-lost' : undefined}
                title={`${time(press.at)} ${kind_look(press.kind).text}`}
              />
            )
          );
        })}
      </div>
      <div className="o-strip-bar">
        {parts(look.recorded, 'o-strip-rec', range)}
        {parts(look.lost, 'o-strip-lost', (span) => `${range(span)}, ${t('ui.points.lost')}`)}
        {parts(look.paused, 'o-strip-paused', (span) => `${range(span)}, ${t('ui.points.paused')}`)}
        {parts(look.holes, 'o-strip-hole', (span) => `${range(span)}, ${t('ui.points.waits')}`)}
        {today && <b style={{ left: place({ from: now, to: now }, frame)?.left }} />}
      </div>
    </div>
  );
}

export function StripHours({ frame, zone }: { frame: Span; zone: string }) {
  return (
    <div className="o-strip-hours" aria-hidden="true">
      {ticks_of(frame).map((at) => (
        <span
          key={at}
          className={
            at === frame.from ? 'o-hour-first' : at === frame.to ? 'o-hour-last' : undefined
          }
          style={{ left: place({ from: at, to: at }, frame)?.left ?? '100%' }}
        >
          {clock(at, zone)}
        </span>
      ))}
    </div>
  );
}

const legend = ['rec', 'lost', 'hole', 'paused', 'press', 'now'] as const;
/** Only a day that has a «now» tells what its line is. */
export function StripLegend({ today }: { today: boolean }) {
  const t = useT();
  return (
    <div className="o-strip-legend" aria-hidden="true">
      {(today ? legend : legend.slice(0, -1)).map((one) => (
        <span key={one}>
          <i className={`o-strip-${one}`} />
          {t(`ui.points.legend.${one}`)}
        </span>
      ))}
    </div>
  );
}
