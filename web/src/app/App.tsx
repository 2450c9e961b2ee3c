import { useQueryClient } from '@tanstack/react-query';
import { lazy, Suspense, useEffect } from 'react';
import { Outlet, useLocation } from 'react-router';
import { useConnected, useLive } from '../api/live';
import { unsent_checks } from '../features/checks/unsent';
import { useDayCount } from '../features/day/queries';
import { useCounts } from '../features/inbox/queries';
import { SignInPage } from '../features/people/SignInPage';
import { more_words } from '../lib/lang';
import { ErrorBoundary } from './ErrorBoundary';
import { paths } from './paths';
import { place_of } from './places';
import { Shell, type PlaceCounts } from './Shell';
import { SessionGate, useRight, useSession, type Gates } from './session';
import { useTour } from './tour';

const no_filters = { point: '', kind: '', button: '', from: '', to: '' };

function useCountsOfPlaces(): PlaceCounts {
  const fresh = useCounts(no_filters, useRight('listen')).data?.new;
  const day = useDayCount().data;
  return {
    ...(day && { day: { n: day.total, fault: day.late > 0 } }),
    ...(fresh !== undefined && { inbox: { n: fresh } }),
  };
}

/** Answers that an earlier page of this browser could not send go out as soon as they can. */
function useUnsent(): void {
  const client = useQueryClient();
  const { account_id } = useSession();
  const connected = useConnected();
  useEffect(() => {
    if (!connected || unsent_checks(account_id).length === 0) return;
    import('../features/checks/send_unsent')
      .then(({ send_unsent }) => send_unsent(client, account_id))
      .catch(() => undefined); // kept; the next connection tries again
  }, [client, account_id, connected]);
}

function Desk() {
  const { pathname } = useLocation();
  const { tour, visitor, rights, newest_fact } = useSession();
  const toured = useTour() !== null;
  useLive(newest_fact);
  useUnsent();
  const counts = useCountsOfPlaces();
  const needed = place_of(pathname)?.rights;
  const open = !needed || needed.some((right) => rights.includes(right));
  return (
    <Shell counts={counts} under={tour && (toured || visitor) && <TourStrip />}>
      <ErrorBoundary reset_by={pathname}>
        {open ? (
          <Outlet />
        ) : (
          <Suspense>
            <ClosedPage />
          </Suspense>
        )}
      </ErrorBoundary>
    </Shell>
  );
}

const tour = async () => {
  await more_words();
  return import('./TourPages');
};
const TourDoor = lazy(async () => ({ default: (await tour()).TourDoor }));
const TourStrip = lazy(async () => ({ default: (await tour()).TourStrip }));

// Seen once in a life of a server or of an account: apart from the first page.
const FirstRunPage = lazy(async () => {
  await more_words();
  return { default: (await import('../features/people/FirstRunPage')).FirstRunPage };
});
const PasswordPage = lazy(async () => {
  await more_words();
  return { default: (await import('../features/people/PasswordPage')).PasswordPage };
});

const ClosedPage = lazy(async () => {
  await more_words();
  return { default: (await import('./NotFoundPage')).ClosedPage };
});

/** A company just made has its first day before it; a fresh page begins with its session. */
const open_first_day = () => window.location.replace(paths.first_day);

/** Over the desk, whose session has ended. */
function SignIn({ tour }: { tour?: string }) {
  const client = useQueryClient();
  const entered = () => client.invalidateQueries({ queryKey: ['session'] });
  return <SignInPage onEntered={entered} tour={tour} />;
}

const gates: Gates = {
  sign_in: <SignIn />,
  sign_in_or_tour: <SignIn tour={paths.tour} />,
  tour: (
    <Suspense>
      <TourDoor />
    </Suspense>
  ),
  first_run: (
    <Suspense>
      <FirstRunPage onDone={open_first_day} />
    </Suspense>
  ),
  password: (
    <Suspense>
      <PasswordPage />
    </Suspense>
  ),
};

export function App() {
  return (
    <SessionGate gates={gates}>
      <Desk />
    </SessionGate>
  );
}
