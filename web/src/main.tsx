import './ui/mantine.css';
import './assets/font.css';
import './ui/tokens.css';
import './ui/base.css';
import './ui/ui.css';
import './ui/player/player.css';
import './app/shell.css';
import { createRoot } from 'react-dom/client';
import { RouterProvider } from 'react-router';
import { make_client, Providers } from './app/providers';
import { make_router } from './app/routes';
import { chosen_lang, set_lang } from './lib/lang';

async function start(): Promise<void> {
  await set_lang(chosen_lang(), false);
  const held = document.getElementById('root');
  if (!held) throw new Error('the page has no #root');
  const root = createRoot(held);
  if (import.meta.env.DEV && location.pathname.startsWith('/playground')) {
    const { Playground } = await import('./playground/Playground');
    root.render(
      <Providers client={make_client()}>
        <Playground />
      </Providers>,
    );
    return;
  }
  root.render(
    <Providers client={make_client()}>
      <RouterProvider router={make_router()} />
    </Providers>,
  );
}

void start();
