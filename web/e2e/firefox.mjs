// Firefox ESR from Debian, without a window, spoken to by WebDriver BiDi; playwright-core drives
// only a Firefox of its own. A profile of its own, where the test puts the authority.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const program = process.env.FIREFOX ?? '/usr/bin/firefox-esr';
export const no_firefox = existsSync(program) ? false : 'firefox-esr is not installed';

const start_within_ms = 60_000;

export function firefox_profile(names) {
  const folder = mkdtempSync(join(tmpdir(), 'otklik-firefox-'));
  const settings = {
    'network.dns.localDomains': names.join(','),
    'browser.shell.checkDefaultBrowser': false,
    'datareporting.policy.dataSubmissionEnabled': false,
    'app.update.enabled': false,
    'network.captive-portal-service.enabled': false,
    'remote.active-protocols': 1,
  };
  const lines = Object.entries(settings).map(
    ([key, value]) => `user_pref(${JSON.stringify(key)}, ${JSON.stringify(value)});`,
  );
  writeFileSync(join(folder, 'user.js'), `${lines.join('\n')}\n`);
  return folder;
}

export async function open_firefox(profile) {
  const words = ['--headless', '--no-remote', '--profile', profile, '--remote-debugging-port', '0'];
  const child = spawn(program, words, {
    env: { ...process.env, HOME: profile, MOZ_DISABLE_CONTENT_SANDBOX: '1' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const address = await new Promise((done, fail) => {
    let said = '';
    const timer = setTimeout(() => fail(new Error(`firefox: ${said}`)), start_within_ms);
    child.stderr.on('data', (bytes) => {
      said += bytes;
      const hit = /WebDriver BiDi listening on (ws:\S+)/.exec(said);
      if (!hit) return;
      clearTimeout(timer);
      done(hit[1]);
    });
    child.once('exit', (code) => fail(new Error(`firefox ended with ${code}: ${said}`)));
  });
  const socket = new WebSocket(`${address}/session`);
  await new Promise((done, fail) => {
    socket.onopen = done;
    socket.onerror = () => fail(new Error('firefox did not take the connection'));
  });
  const waiting = new Map();
  let last = 0;
  socket.onmessage = ({ data }) => {
    const answer = JSON.parse(data);
    const asked = waiting.get(answer.id);
    if (!asked) return; // an event
    waiting.delete(answer.id);
    if (answer.type === 'error') asked.fail(new Error(`${answer.error}: ${answer.message}`));
    else asked.done(answer.result);
  };
  const ask = (method, params = {}) =>
    new Promise((done, fail) => {
      last += 1;
      waiting.set(last, { done, fail });
      socket.send(JSON.stringify({ id: last, method, params }));
    });
  await ask('session.new', { capabilities: {} });
  const { contexts } = await ask('browsingContext.getTree');
  const { context } = contexts[0];
  return {
    open: (url) => ask('browsingContext.navigate', { context, url, wait: 'complete' }),
    /** The value of an expression in the page; a promise is waited for. */
    value: async (expression) => {
      const made = await ask('script.evaluate', {
        expression,
        target: { context },
        awaitPromise: true,
      });
      if (made.type === 'exception') throw new Error(made.exceptionDetails.text);
      return made.result.value;
    },
    close: async () => {
      const ended = new Promise((done) => child.once('exit', done));
      socket.close();
      child.kill('SIGTERM');
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}
