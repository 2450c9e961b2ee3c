// The figures, large: number, interval, n; the formula stands in the tooltip.
import { Tooltip } from '@mantine/core';
import {
  IconChartDots,
  IconCheck,
  IconEqual,
  IconTargetArrow,
  IconTrendingDown,
  IconTrendingUp,
} from '@tabler/icons-react';
import { cx } from '../../lib/cx';
import { useT } from '../../lib/lang';
import { number } from '../../lib/numbers';
import { StateWord } from '../../ui/StateWord';
import type { RowsAsked } from './asked';
import type { Figure } from './queries';
import { change_of, told_of } from './words';

export type Open = (rows: Partial<RowsAsked>) => void;

const trends = { up: IconTrendingUp, down: IconTrendingDown, same: IconEqual };

function One({ figure, open }: { figure: Figure; open: Open }) {
  const t = useT();
  const told = told_of(figure, figure.unit, figure.n_wanted, figure.undefined_reason);
  const change = change_of(figure.change, figure.unit, figure.few);
  const aside = [
    figure.missing > 0
      ? { part: 'missing', reason: '', text: t('ui.board.missing_n', { n: figure.missing }) }
      : null,
    // Why, when there is more to say than how many.
    ...figure.missing_by.map(({ reason, text, n }) => ({
      part: 'missing',
      reason,
      text: `${text}: ${number(n)}`,
    })),
    figure.left_out > 0
      ? { part: 'left_out', reason: '', text: t('ui.board.left_out_n', { n: figure.left_out }) }
      : null,
  ].filter((one) => one !== null);
  return (
    <div className="o-figure">
      <Tooltip label={figure.formula} w={320}>
        <h2 tabIndex={0}>{figure.title}</h2>
      </Tooltip>
      <button type="button" className="o-figure-open" onClick={() => open({ figure: figure.name })}>
        <span className="o-vh">
          {t('ui.board.open_rows', { name: figure.title, n: number(figure.n) })}
        </span>
        {told.number !== undefined ? (
          <>
            <b>{told.number}</b>
            {told.n && <span className="o-2"> · {told.n}</span>}
          </>
        ) : (
          <StateWord icon={IconChartDots} tone="text">
            <span className="o-figure-words">{told.words}</span>
          </StateWord>
        )}
      </button>
      {figure.goal !== null && figure.value !== null && (
        <StateWord
          icon={figure.value < figure.goal ? IconTargetArrow : IconCheck}
          tone={figure.value < figure.goal ? 'red' : 'green'}
          small
        >
          {t('ui.board.goal', { n: figure.goal })}
        </StateWord>
      )}
      {change && (
        <StateWord icon={trends[change.trend]} tone={change.tone} small className="o-figure-change">
          {change.text}
        </StateWord>
      )}
      {aside.map((one) => (
        <button
          key={one.part + one.reason}
          type="button"
          className={cx('o-figure-aside', one.reason && 'o-figure-why')}
          onClick={() => open({ figure: figure.name, part: one.part, reason: one.reason })}
        >
          {one.text}
        </button>
      ))}
    </div>
  );
}

export function Figures({ figures, open }: { figures: readonly Figure[]; open: Open }) {
  return (
    <div className="o-figures">
      {figures.map((figure) => (
        <One key={figure.name} figure={figure} open={open} />
      ))}
    </div>
  );
}
