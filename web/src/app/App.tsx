import { lazy, Suspense } from 'react';
import { Outlet, useLocation } from 'react-router';
import { useLive } from '../api/live';
import { useDayCount } from '../features/day/queries';
import { useCounts } from '../features/inbox/queries';
import { SignInPage } from '../features/people/SignInPage';
import { more_words } from '../lib/lang';
import { ErrorBoundary } from './ErrorBoundary';
import { paths } from './paths';
import { Shell, type PlaceCounts } from './Shell';
import { SessionGate, useRight, type Gates } from './session';

const no_filters = { point: '', kind: '', button: '', from: '', to: '' };

function useCountsOfPlaces(): PlaceCounts {
  const fresh = useCounts(no_filters, useRight('listen')).data?.new;
  const day = useDayCount().data;
  return {
    ...(day && { day: { n: day.total, fault: day.late > 0 } }),
    ...(fresh !== undefined && { inbox: { n: fresh } }),
  };
}

function Desk() {
  const { pathname } = useLocation();
  useLive();
  const counts = useCountsOfPlaces();
  return (
    <Shell counts={counts}>
      <ErrorBoundary reset_by={pathname}>
        <Outlet />
      </ErrorBoundary>
    </Shell>
  );
}

// Seen once in a life of a server or of an account: apart from the first page.
const FirstRunPage = lazy(async () => {
  await more_words();
  return { default: (await import('../features/people/FirstRunPage')).FirstRunPage };
});
const PasswordPage = lazy(async () => {
  await more_words();
  return { default: (await import('../features/people/PasswordPage')).PasswordPage };
});

/** A company just made has its first day before it; a fresh page begins with its session. */
const open_first_day = () => window.location.replace(paths.first_day);

const gates: Gates = {
  sign_in: <SignInPage />,
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
