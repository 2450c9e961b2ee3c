// All journeys. Those on the demonstration day, which takes most of a minute to make, share its
// accounts and go one after the other, but for those that only look and listen: they have a lane of
// their own. Beside them go, in two lanes, those that start a server: most of a journey is waiting.
// Words after the command name the files to run.
// OTKLIK_BIN names the program; OTKLIK_URL and OTKLIK_PASSWORD, a running day.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { demo } from './server.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const asked = process.argv.slice(2);
const files = readdirSync(here)
  .filter((name) => name.endsWith('.test.mjs'))
  .filter((name) => asked.length === 0 || asked.some((one) => name.startsWith(one)))
  .map((name) => join(here, name));
const on_day = files.filter((name) => /\bdemo\(\)/.test(readFileSync(name, 'utf8')));
const looks_only = /(listen|looks|tour)\.test\.mjs$/;
const alone = files.filter((name) => !on_day.includes(name));

/** One file after the other; beside another lane, what they say comes at the end, not mixed. */
function run(names, env = {}) {
  if (names.length === 0) return 0;
  const only = names.length === files.length;
  const reporter = `--test-reporter=${join(here, 'lines.mjs')}`;
  const words = ['--test', '--test-concurrency=1', reporter, ...names];
  const child = spawn(process.execPath, words, {
    env: { ...process.env, ...env },
    stdio: ['ignore', only ? 'inherit' : 'pipe', 'inherit'],
  });
  const said = [];
  child.stdout?.on('data', (bytes) => said.push(bytes));
  return new Promise((done) =>
    child.once('close', (code) => {
      process.stdout.write(Buffer.concat(said));
      done(code ?? 1);
    }),
  );
}

let server;
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

async function run_on_day() {
  if (on_day.length === 0) return 0;
  try {
    server = await demo();
    for (const login of ['belova', 'orlova']) await own_password(login);
    const env = { OTKLIK_URL: server.url, OTKLIK_PASSWORD: server.password };
    const lanes = [true, false].map((looks) =>
      on_day.filter((name) => looks_only.test(name) === looks),
    );
    return Math.max(...(await Promise.all(lanes.map((names) => run(names, env)))));
  } catch (error) {
    console.error(error); // the other lane goes on to its end
    return 1;
  } finally {
    await server?.stop();
  }
}

/** The longest first, so that both lanes end at about the same time. */
async function run_alone() {
  const left = [...alone].sort((a, b) => statSync(b).size - statSync(a).size);
  let worst = 0;
  const lane = async () => {
    for (let next = left.shift(); next; next = left.shift())
      worst = Math.max(worst, await run([next]));
  };
  await Promise.all([lane(), lane()]);
  return worst;
}

const began = Date.now();
const codes = await Promise.all([run_on_day(), run_alone()]);
console.log(`# ${files.length} files in ${Math.round((Date.now() - began) / 1000)} s`);
process.exitCode = Math.max(...codes);
