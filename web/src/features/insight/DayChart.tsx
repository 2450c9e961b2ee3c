// Bars of days. The library comes only when a chart is shown; it paints on a canvas.
import { useComputedColorScheme } from '@mantine/core';
import type { EChartsType } from 'echarts/core';
import { useEffect, useRef, useState } from 'react';
import { useLang, useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { day_label, totals_of, type Series } from './series';

export interface DayChartProps {
  days: readonly string[];
  series: readonly Series[];
  /** Index of the day that is not over, and its clock. */
  unfinished: number;
  until: string;
  onPick: (day: string, point: string) => void;
}

export const colour_names = ['--c1', '--c2', '--c3', '--c4', '--c5'] as const;
export const colour_of = (i: number) => colour_names[i % colour_names.length] ?? '--c1';

/** Values of tokens as they are now: light-dark() is resolved only on an element. */
function read_tokens(held: HTMLElement, names: readonly string[]): Record<string, string> {
  const probe = document.createElement('i');
  held.append(probe);
  const found = Object.fromEntries(
    names.map((name) => {
      probe.style.color = `var(${name})`;
      return [name, getComputedStyle(probe).color];
    }),
  );
  probe.remove();
  return found;
}

function hatch(colour: string, ground: string): CanvasPattern | string {
  const tile = document.createElement('canvas');
  tile.width = tile.height = 6;
  const pen = tile.getContext('2d');
  if (!pen) return colour;
  pen.fillStyle = colour;
  pen.fillRect(0, 0, 6, 6);
  pen.strokeStyle = ground;
  pen.lineWidth = 1.5;
  for (const x of [-6, 0, 6]) {
    pen.moveTo(x - 1, 7);
    pen.lineTo(x + 7, -1);
  }
  pen.stroke();
  return pen.createPattern(tile, 'repeat') ?? colour;
}

function options_of(props: DayChartProps, held: HTMLElement, words: { until: string }) {
  const { days, series, unfinished } = props;
  const token = read_tokens(held, [...colour_names, '--bg', '--text', '--text-3', '--grid',
    '--bg-float', '--line']); // prettier-ignore
  const chart_text = { color: token['--text-3'], fontFamily: 'Golos Text Variable', fontSize: 12 };
  const totals = totals_of(series, days.length);
  const bars = series.map((one, i) => {
    const colour = token[colour_of(i)] ?? '';
    return {
      type: 'bar' as const,
      name: one.name,
      stack: 'days',
      barMaxWidth: 48,
      cursor: 'pointer',
      data: one.values.map((value, day) => ({
        value,
        itemStyle: {
          color: day === unfinished ? hatch(colour, token['--bg'] ?? '') : colour,
          borderColor: token['--bg'],
          borderWidth: value > 0 ? 0.75 : 0,
        },
      })),
    };
  });
  return {
    animation: false,
    grid: { left: 36, right: 0, top: 24, bottom: 28 },
    tooltip: {
      trigger: 'item' as const,
      renderMode: 'richText' as const,
      backgroundColor: token['--bg-float'],
      borderColor: token['--line'],
      textStyle: { ...chart_text, color: token['--text'] },
      formatter: (item: { seriesName?: string; dataIndex: number; value: unknown }) =>
        `${item.seriesName ?? ''}, ${day_label(days[item.dataIndex] ?? '')}: ` +
        number(item.seriesName ? Number(item.value) : (totals[item.dataIndex] ?? 0)),
    },
    xAxis: {
      type: 'category' as const,
      data: days.map((day, i) => day_label(day) + (i === unfinished ? words.until : '')),
      axisTick: { show: false },
      axisLine: { lineStyle: { color: token['--grid'] } },
      axisLabel: { ...chart_text, hideOverlap: true },
    },
    yAxis: {
      type: 'value' as const,
      minInterval: 1,
      splitLine: { lineStyle: { color: token['--grid'] } },
      axisLabel: { ...chart_text, formatter: (value: number) => number(value) },
    },
    series: [
      ...bars,
      {
        type: 'bar' as const,
        stack: 'days',
        silent: true,
        data: totals.map(() => 0),
        label: {
          show: days.length <= 31,
          position: 'top' as const,
          color: token['--text'],
          fontFamily: chart_text.fontFamily,
          formatter: ({ dataIndex }: { dataIndex: number }) =>
            totals[dataIndex] ? number(totals[dataIndex] ?? 0) : '',
        },
      },
    ],
  };
}

export function DayChart(props: DayChartProps) {
  const t = useT();
  const language = useLang();
  const scheme = useComputedColorScheme();
  const held = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const [ready, set_ready] = useState(false);
  const latest = useRef(props);
  latest.current = props;
  useEffect(() => {
    let gone = false;
    let watch: ResizeObserver | undefined;
    void import('./chart_parts').then(({ init }) => {
      if (gone || !held.current) return;
      const made = init(held.current);
      chart.current = made;
      made.on('click', (event) => {
        const day = latest.current.days[event.dataIndex];
        const one = latest.current.series[event.seriesIndex ?? -1];
        if (day && one) latest.current.onPick(day, one.id);
      });
      watch = new ResizeObserver(() => made.resize());
      watch.observe(held.current);
      set_ready(true);
    });
    return () => {
      gone = true;
      watch?.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, []);
  const { days, series, unfinished, until } = props;
  useEffect(() => {
    if (!ready || !held.current || !chart.current) return;
    const words = { until: ` ${t('ui.board.until', { time: until })}` };
    chart.current.setOption(options_of(latest.current, held.current, words), true);
  }, [ready, scheme, language, days, series, unfinished, until, t]);
  // The table below the chart says the same to those who do not see it.
  return <div ref={held} className="o-day-chart" aria-hidden="true" />;
}
