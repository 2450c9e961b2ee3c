// The trade gives the defaults: recorder, buttons with their words, forms. All at once or singly.
import { useSearchParams } from 'react-router';
import { useT } from '../../../lib/lang';
import { kind_look } from '../../../lib/signal';
import { Button, ButtonLink } from '../../../ui/Button';
import { Step } from '../../../ui/Steps';
import { StateWord } from '../../../ui/StateWord';
import { complain, useChange } from '../kit';
import { useQuestions, useStarters } from '../queries';
import type { FirstDayLinks } from './FirstDayPage';
import type { Stand } from './stand';
import {
  buttons_of,
  forms_of,
  make_device,
  make_forms,
  make_missing,
  make_recorder,
  trade_of,
  trades,
  type Trade,
} from './trades';

type What = 'all' | 'recorder' | 'device' | 'forms';

function useMaking(stand: Stand, trade: Trade | undefined) {
  const starters = useStarters(true).data?.items ?? [];
  const questions = useQuestions().data?.items ?? [];
  const change = useChange(
    async (what: What) => {
      const { point } = stand;
      if (!point) return;
      if (what === 'recorder') await make_recorder(point);
      else if (!trade) return;
      else if (what === 'device') await make_device(point, trade, questions);
      else if (what === 'forms') await make_forms(forms_of(starters, trade), stand.forms);
      else await make_missing(stand, trade, starters, questions);
    },
    ['recorder', 'device', 'form', 'question'],
  );
  const make = (what: What) => change.mutate(what, { onError: complain });
  return { make, busy: change.isPending, made: change.variables, starters };
}
type Making = ReturnType<typeof useMaking>;

function Trades({ stand, trade, making }: { stand: Stand; trade?: Trade; making: Making }) {
  const t = useT();
  const [, set_search] = useSearchParams();
  const whole = Boolean(stand.recorder && stand.device && stand.has_forms);
  const choose = (one: Trade) =>
    set_search(
      (held) => {
        const next = new URLSearchParams(held);
        next.set('trade', one);
        return next;
      },
      { replace: true },
    );
  return (
    <Step
      state={whole ? 'done' : stand.point ? 'todo' : 'later'}
      title={t('ui.first_day.trade')}
      what={t(whole ? 'ui.first_day.trade_is' : 'ui.first_day.trade_what')}
    >
      {!whole && (
        <>
          <div className="o-chips" role="group" aria-label={t('ui.first_day.trade')}>
            {trades.map((one) => (
              <Button key={one} pressed={one === trade} onClick={() => choose(one)}>
                {t(`ui.trade.${one}`)}
              </Button>
            ))}
          </div>
          <Button
            kind="primary"
            busy={making.busy && making.made === 'all'}
            reason={trade && stand.point ? undefined : t('ui.first_day.trade_first')}
            onClick={() => making.make('all')}
          >
            {t('ui.first_day.make_all')}
          </Button>
        </>
      )}
    </Step>
  );
}

function Make({ what, making, word }: { what: What; making: Making; word: string }) {
  return (
    <Button busy={making.busy && making.made === what} onClick={() => making.make(what)}>
      {word}
    </Button>
  );
}

export function Tools({ stand, links }: { stand: Stand; links: FirstDayLinks }) {
  const t = useT();
  const [search] = useSearchParams();
  const trade = trade_of(search.get('trade'));
  const making = useMaking(stand, trade);
  const { point, recorder, device } = stand;
  const set = trade ? forms_of(making.starters, trade) : [];
  const open = point ? 'todo' : 'later';
  return (
    <>
      <Trades stand={stand} trade={trade} making={making} />
      <Step
        state={recorder ? 'done' : open}
        title={t('ui.first_day.recorder')}
        what={
          recorder
            ? t('ui.first_day.recorder_is', { name: recorder.name })
            : t('ui.first_day.recorder_what')
        }
      >
        {point && !recorder && (
          <Make what="recorder" making={making} word={t('ui.points.add_recorder')} />
        )}
        <ButtonLink kind="ghost" to={links.settings('recorders')}>
          {t('ui.set.recorders')}
        </ButtonLink>
      </Step>
      <Step
        state={device ? 'done' : trade ? open : 'later'}
        title={t('ui.first_day.buttons')}
        what={
          device
            ? t('ui.first_day.buttons_are', { name: device.name })
            : t(trade ? 'ui.first_day.buttons_will' : 'ui.first_day.trade_first')
        }
      >
        {!device && trade && (
          <>
            <ul className="o-chips o-trade-buttons">
              {buttons_of(trade).map((one) => {
                const look = kind_look(one.kind);
                return (
                  <li key={one.key}>
                    <StateWord icon={look.icon} tone={look.tone}>
                      {one.label}
                    </StateWord>
                  </li>
                );
              })}
            </ul>
            {point && <Make what="device" making={making} word={t('ui.set.device_add')} />}
          </>
        )}
        {device && (
          <ButtonLink kind="ghost" to={links.settings(`devices/${device.id}`)}>
            {t('ui.first_day.buttons_change')}
          </ButtonLink>
        )}
      </Step>
      <Step
        state={stand.has_forms ? 'done' : trade ? 'todo' : 'later'}
        title={t('ui.first_day.forms')}
        what={
          stand.has_forms
            ? t('ui.first_day.forms_are', { names: stand.forms.map((one) => one.name).join(', ') })
            : trade
              ? t('ui.first_day.forms_will', { names: set.map((one) => one.name).join(', ') })
              : t('ui.first_day.trade_first')
        }
      >
        {!stand.has_forms && trade && (
          <Make what="forms" making={making} word={t('ui.first_day.forms_add')} />
        )}
        <ButtonLink kind="ghost" to={links.settings('forms')}>
          {t('ui.set.forms')}
        </ButtonLink>
      </Step>
    </>
  );
}
