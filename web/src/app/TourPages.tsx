// The guided tour: press, clip, words, check, figure, over the real pages of a demonstration. A
// strip under the page that covers nothing says what is seen; n and p walk, Esc puts it away.
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { IconMap2, IconX } from '@tabler/icons-react';
import { useEffect, useRef } from 'react';
import { useLocation, useNavigate } from 'react-router';
import { get, send } from '../api/call';
import { is_problem, problem_from } from '../api/problem';
import type { Given } from '../api/types';
import { SignInPage } from '../features/people/SignInPage';
import { useT, type Key } from '../lib/lang';
import { Button } from '../ui/Button';
import { useHotkeys } from '../ui/hotkeys';
import { ErrorState, Skeleton } from '../ui/States';
import { paths } from './paths';
import { sign_out, useSession } from './session';
import { put_tour, useTour } from './tour';
import './tour.css';

type Stops = Given<'Demonstration'>;

interface Step {
  title: Key;
  what: Key;
  path: (stops: Stops) => string;
  /** What the step speaks of is framed. */
  frame: string;
}
export const steps: readonly Step[] = [
  {
    title: 'ui.tour.press',
    what: 'ui.tour.press_what',
    // A phone has no place for the list beside the record.
    path: (stops) =>
      window.matchMedia('(max-width: 640px)').matches
        ? paths.inbox()
        : paths.signal(stops.signal_id),
    frame: '.o-side',
  },
  {
    title: 'ui.tour.clip',
    what: 'ui.tour.clip_what',
    path: (stops) => paths.signal(stops.signal_id),
    frame: '.o-player',
  },
  {
    title: 'ui.tour.words',
    what: 'ui.tour.words_what',
    path: (stops) => paths.signal(stops.signal_id),
    frame: '.o-words',
  },
  {
    title: 'ui.tour.check',
    what: 'ui.tour.check_what',
    path: (stops) => paths.check(stops.check_id),
    frame: '.o-side',
  },
  {
    title: 'ui.tour.figure',
    what: 'ui.tour.figure_what',
    path: () => paths.board(),
    frame: '',
  },
  {
    title: 'ui.tour.end',
    what: 'ui.tour.end_what',
    path: () => paths.board(),
    frame: '',
  },
];

const useStops = () =>
  useQuery({ queryKey: ['tour'], queryFn: () => get<Stops>('/tour'), staleTime: Infinity });

/** The part of the page that the step speaks of, once it stands. */
function useFrame(selector: string) {
  const { pathname } = useLocation();
  useEffect(() => {
    if (!selector) return undefined;
    const mark = () => document.querySelector(selector)?.classList.add('o-toured');
    mark();
    const seen = new MutationObserver(mark);
    seen.observe(document.body, { childList: true, subtree: true });
    return () => {
      seen.disconnect();
      document.querySelectorAll('.o-toured').forEach((one) => one.classList.remove('o-toured'));
    };
  }, [selector, pathname]);
}

function Strip({ at, stops }: { at: number; stops: Stops }) {
  const t = useT();
  const go = useNavigate();
  const session = useSession();
  const head = useRef<HTMLHeadingElement>(null);
  const step = steps[at] as Step;
  const last = at === steps.length - 1;
  useFrame(step.frame);
  useEffect(() => head.current?.focus({ preventScroll: true }), [at]);
  const walk = (to: number) => {
    const next = steps[to];
    if (!next) return;
    put_tour({ step: to, open: true });
    void go(next.path(stops));
  };
  const close = () => put_tour({ step: at, open: false });
  const end = () => {
    put_tour(null);
    if (session.visitor) void sign_out();
  };
  const group = t('ui.tour.name');
  useHotkeys([
    { keys: 'KeyN', run: () => walk(at + 1), enabled: !last, help: t('ui.tour.next'), group },
    { keys: 'KeyP', run: () => walk(at - 1), enabled: at > 0, help: t('ui.tour.back'), group },
    { keys: 'Escape', run: close, help: t('ui.tour.close'), group },
  ]);
  return (
    <section className="o-tour" aria-label={t('ui.tour.name')}>
      <div className="o-tour-words" aria-live="polite">
        <h2 ref={head} tabIndex={-1}>
          <span className="o-3">{t('ui.tour.step', { n: at + 1, total: steps.length })}</span>{' '}
          {t(step.title)}
        </h2>
        <p>{t(step.what)}</p>
      </div>
      <div className="o-tour-do">
        {at > 0 && (
          <Button keys="KeyP" onClick={() => walk(at - 1)}>
            {t('ui.tour.back')}
          </Button>
        )}
        {last ? (
          <Button kind="primary" onClick={end}>
            {t(session.visitor ? 'ui.tour.sign_in' : 'ui.tour.finish')}
          </Button>
        ) : (
          <Button kind="primary" keys="KeyN" onClick={() => walk(at + 1)}>
            {t('ui.tour.next')}
          </Button>
        )}
        <Button kind="ghost" icon={IconX} label={t('ui.tour.close')} onClick={close} />
      </div>
    </section>
  );
}

/** Stands under every page while the tour goes on; put away, one line that takes it up again. */
export function TourStrip() {
  const t = useT();
  const go = useNavigate();
  const session = useSession();
  const state = useTour();
  const stops = useStops();
  const at = Math.min(Math.max(state?.step ?? 0, 0), steps.length - 1);
  if (!stops.data || (!state && !session.visitor)) return null;
  if (state?.open) return <Strip at={at} stops={stops.data} />;
  const resume = () => {
    put_tour({ step: at, open: true });
    void go((steps[at] as Step).path(stops.data));
  };
  return (
    <section className="o-tour o-tour-away" aria-label={t('ui.tour.name')}>
      <Button icon={IconMap2} onClick={resume}>
        {t('ui.tour.resume', { n: at + 1, total: steps.length })}
      </Button>
      {session.visitor && (
        <Button kind="ghost" onClick={() => void sign_out()}>
          {t('ui.tour.sign_in')}
        </Button>
      )}
    </section>
  );
}

/** /tour for somebody inside: to the step where it was left. */
export function TourStartPage() {
  const t = useT();
  const go = useNavigate();
  const state = useTour();
  const stops = useStops();
  useEffect(() => {
    if (!stops.data) return;
    const at = Math.min(Math.max(state?.step ?? 0, 0), steps.length - 1);
    put_tour({ step: at, open: true });
    void go((steps[at] as Step).path(stops.data), { replace: true });
    // Once, when the stops are there: the state changes by this very effect.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [stops.data]);
  if (!stops.error) return <Skeleton rows={6} />;
  return (
    <ErrorState
      title={t('ui.tour.none')}
      error={is_problem(stops.error) ? stops.error : problem_from(0, undefined)}
      onRetry={() => void stops.refetch()}
    />
  );
}

/** /tour for a stranger: lets in as a visitor, or leaves at the sign-in page. */
export function TourDoor() {
  const client = useQueryClient();
  const entered = () => client.invalidateQueries({ queryKey: ['session'] });
  const enter = useMutation({
    mutationFn: () => send('post', '/tour'),
    onSuccess: entered,
  });
  const { mutate } = enter;
  useEffect(() => mutate(), [mutate]);
  return enter.isError ? <SignInPage onEntered={entered} /> : <div aria-busy="true" />;
}
