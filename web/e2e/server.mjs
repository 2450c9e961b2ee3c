// Starts the real program, on a throw-away folder, and reads what it prints.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const day_within_ms = 120_000; // the demonstration day is spoken and cut anew each time

/** Resolves with the first group of `pattern` in what the program says, or fails with all of it. */
function heard(child, pattern, within_ms) {
  return new Promise((done, fail) => {
    let said = '';
    const timer = setTimeout(
      () => fail(new Error(`not said in ${within_ms} ms: ${pattern}\n${said}`)),
      within_ms,
    );
    const listen = (bytes) => {
      said += bytes;
      const hit = pattern.exec(said);
      if (!hit) return;
      clearTimeout(timer);
      done({ hit, said });
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', (code) => {
      clearTimeout(timer);
      fail(new Error(`the program ended with ${code}\n${said}`));
    });
  });
}

function start(words) {
  const program = process.env.OTKLIK_BIN;
  if (!program) throw new Error('OTKLIK_BIN names the program, or OTKLIK_URL a running demo');
  const folder = mkdtempSync(join(tmpdir(), 'otklik-e2e-'));
  const args = [...words, '--port', '0', '--data', `${folder}/data`, '--keys', `${folder}/keys`];
  const env = { OTKLIK_WEB: resolve(here, '../dist'), ...process.env };
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const stop = async () => {
    const ended = new Promise((done) => child.once('exit', done));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { child, stop };
}

const address = /(http:\/\/\S+?)\/?\n/;

/** The demonstration day; a running one may be named by OTKLIK_URL and OTKLIK_PASSWORD. */
export async function demo() {
  if (process.env.OTKLIK_URL) {
    return {
      url: process.env.OTKLIK_URL.replace(/\/$/, ''),
      password: process.env.OTKLIK_PASSWORD ?? '',
      stop: async () => undefined,
    };
  }
  const { child, stop } = start(['demo']);
  try {
    const { hit, said } = await heard(child, /Sign in[^:]*: (\S+) (\S+)/, day_within_ms);
    return { url: address.exec(said)[1], login: hit[1], password: hit[2], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A server on an empty folder, and the code it prints for the first run. */
export async function empty() {
  const { child, stop } = start(['serve']);
  try {
    const { hit, said } = await heard(child, /First run[^\n]*: (\S+)\n/, 20_000);
    return { url: address.exec(said)[1], code: hit[1], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
