// The first page: a stranger gets the sign-in page, whoever is known the desk.
import './ui/mantine.css';
import './assets/font.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/ui.css';
import './ui/player/player.css';
import './app/shell.css';
import { createRoot } from 'react-dom/client';
import { server_answers } from './api/base';
import { paths } from './app/paths';
import { ask_session, first_session, is_session } from './app/session_answer';
import { SignInPage } from './features/people/SignInPage';
import { chosen_lang, set_lang } from './lib/lang';

/** Whether only a password leads on; where nothing can be known, the desk tells what is wrong. */
async function at_the_door(): Promise<{ tour: boolean } | null> {
  const answer = await first_session().catch(() => null);
  if (!answer || is_session(answer) || answer.first_run) return null;
  if (answer.tour && location.pathname === paths.tour) return null;
  return answer;
}

/** For files that did not come while the server was away: a browser may ask only once a page. */
async function reload_when_back(error: unknown): Promise<void> {
  if (await server_answers()) throw error;
  do await new Promise((done) => setTimeout(done, 1000));
  while (!(await server_answers()));
  location.reload();
}

async function start(): Promise<void> {
  const held = document.getElementById('root');
  if (!held) throw new Error('the page has no #root');
  const root = createRoot(held);
  const enter = async () => {
    const { desk } = await import('./desk');
    root.render(await desk());
  };
  await set_lang(chosen_lang(), false);
  const stranger = await at_the_door();
  if (!stranger) return enter();
  await ask_session(); // its answer is used up; the desk asks anew
  const enter_or_reload = () =>
    enter().catch(async (error: unknown) => {
      if (!(await server_answers())) throw error;
      location.reload(); // the session stands, and a fresh page asks for every file again
    });
  const tour = stranger.tour ? paths.tour : undefined;
  root.render(<SignInPage onEntered={enter_or_reload} tour={tour} />);
  // On its way while the password is typed; what fails now is asked for again then.
  await import('./desk').catch(() => undefined);
}

start().catch(reload_when_back);
