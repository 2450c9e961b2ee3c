// All journeys on one demonstration day, which takes most of a minute to make. Words after the
// command name the files to run. OTKLIK_BIN names the program; OTKLIK_URL and OTKLIK_PASSWORD,
// a running day.
import { spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const asked = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => asked.length === 0 || asked.some((one) => name.startsWith(one)))
  .map((name) => join(here, name));

const headers = (more) => ({ 'Content-Type': 'application/json', Origin: server.url, ...more });
const enter = (login, password) =>
  fetch(`${server.url}/api/v1/session`, {
    method: 'POST',
    headers: headers(),
    body: JSON.stringify({ login, password }),
  });

/** Another may have given the first password; from here on each has an own one. */
async function own_password(login) {
  const entered = await enter(login, server.password);
  if (!entered.ok) return; // chosen by an earlier run on the same day
  const { csrf } = await entered.json();
  const cookie = entered.headers.getSetCookie().map((one) => one.split(';')[0]);
  const changed = await fetch(`${server.url}/api/v1/session/password`, {
    method: 'PUT',
    headers: headers({ Cookie: cookie.join('; '), 'X-CSRF-Token': csrf }),
    body: JSON.stringify({
      old_password: server.password,
      new_password: `${server.password} own`,
    }),
  });
  if (!changed.ok) throw new Error(`${login}: ${changed.status} ${await changed.text()}`);
}

const server = await demo();
try {
  for (const login of ['belova', 'orlova']) await own_password(login);
  const env = { ...process.env, OTKLIK_URL: server.url, OTKLIK_PASSWORD: server.password };
  const tests = spawn(process.execPath, ['--test', '--test-concurrency=1', ...files], {
    env,
    stdio: 'inherit',
  });
  process.exitCode = await new Promise((done) => tests.once('exit', (code) => done(code ?? 1)));
} finally {
  await server.stop();
}
