// The score so far, what it can still become, and what stands against finishing.
import { IconAlertCircle, IconCloudCheck, IconCloudOff, IconCloudUp } from '@tabler/icons-react';
import type { CheckView } from '../../api/types';
import { useT } from '../../lib/lang';
import { nbsp, number, signed } from '../../lib/numbers';
import { clock } from '../../lib/times';
import { StateWord } from '../../ui/StateWord';
import type { SaveState } from './saver';
import { percent_text, rows_of, tone_of, type Answers } from './sheet';

const browser_zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

function Saved({ state }: { state: SaveState }) {
  const t = useT();
  if (state.kind === 'saved') {
    if (state.at === 0) return null;
    return (
      <StateWord icon={IconCloudCheck} small>
        {t('ui.check.saved', { time: clock(state.at, browser_zone) })}
      </StateWord>
    );
  }
  if (state.kind === 'saving')
    return (
      <StateWord icon={IconCloudUp} small>
        {t('ui.check.saving')}
      </StateWord>
    );
  if (state.kind === 'offline')
    return (
      <StateWord icon={IconCloudOff} tone="amber" small>
        {t('ui.check.unsaved')}
      </StateWord>
    );
  return null;
}

/** Words of a result: «72,7 %», a sum against the norm, or that there is none. */
export function useScoreText(check: CheckView): string {
  const t = useT();
  const { score, form } = check;
  if (check.reason) return t('ui.check.given_up_word');
  const percent = percent_text(score.percent);
  if (percent !== null) return percent + nbsp + '%';
  if (form.body.scoring === 'zero_norm' && score.num !== null)
    return t('ui.check.norm', { sum: signed(score.num / (score.den ?? 1)) });
  return t('ui.check.no_score');
}

function exact_sum(num: number | null, den: number | null): string | null {
  return num === null || den === null || den === 1 ? null : `${number(num)}/${number(den)}`;
}

export function ScoreBar({
  check,
  answers,
  current,
  state,
}: {
  check: CheckView;
  answers: Answers;
  current: number;
  state: SaveState;
}) {
  const t = useT();
  const { score } = check;
  const text = useScoreText(check);
  const rows = rows_of(check.form.body);
  const [low, high] = [percent_text(score.min_percent), percent_text(score.max_percent)];
  const open = check.state === 'draft';
  const sum = exact_sum(score.num, score.den);
  return (
    <div className="o-score">
      <div className="o-row">
        <b className="o-score-n">{text}</b>
        {sum && <span className="o-2">{sum}</span>}
        <span className="o-sp" />
        <span className="o-2 o-nw">
          {t('ui.check.answered', {
            n: rows.filter((row) => answers.get(row.item.key)?.answer).length,
            total: rows.length,
          })}
        </span>
      </div>
      <div className="o-segs" aria-hidden="true">
        {rows.map((row, i) => {
          const key = answers.get(row.item.key)?.answer ?? '';
          const tone = key ? tone_of(row.item, key) : open && i === current ? 'accent' : '';
          return <i key={row.item.key} className={tone && `o-seg-${tone}`} />;
        })}
      </div>
      <div className="o-row o-s o-score-x">
        {score.critical.length > 0 ? (
          <StateWord icon={IconAlertCircle} tone="red" small>
            {t('ui.check.failed_critical')}
          </StateWord>
        ) : (
          open &&
          low !== null &&
          high !== null && <span className="o-2">{t('ui.check.range', { low, high })}</span>
        )}
        {score.kept_percent !== null && score.kept_percent !== score.percent && (
          <span className="o-2">
            {t('ui.check.was', { percent: `${percent_text(score.kept_percent)}${nbsp}%` })}
          </span>
        )}
        <span className="o-sp" />
        <Saved state={state} />
      </div>
      {state.kind === 'refused' && (
        <p className="o-red o-s" role="alert">
          {t('ui.check.refused', { why: state.why })}
        </p>
      )}
    </div>
  );
}
