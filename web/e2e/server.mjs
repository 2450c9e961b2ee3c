// Starts the real program, on a throw-away folder, and reads what it prints.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const day_within_ms = 600_000; // spoken and cut anew each time: 40 s, on a busy machine minutes

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

function start(
  words,
  port = 0,
  web = undefined,
  folder = mkdtempSync(join(tmpdir(), 'otklik-e2e-')),
) {
  const program = process.env.OTKLIK_BIN;
  if (!program) throw new Error('OTKLIK_BIN names the program, or OTKLIK_URL a running demo');
  const args = [
    ...words,
    '--import-complexity',
    '0', // packing is most of what a day of sound costs
    '--port',
    String(port),
    '--data',
    `${folder}/data`,
    '--keys',
    `${folder}/keys`,
  ];
  const env = { OTKLIK_WEB: resolve(here, '../dist'), ...process.env };
  if (web) env.OTKLIK_WEB = web;
  const child = spawn(program, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const halt = async () => {
    const ended = new Promise((done) => child.once('exit', done));
    if (child.exitCode === null && child.kill('SIGTERM')) await ended;
  };
  const kill = async () => {
    const ended = new Promise((done) => child.once('exit', done));
    if (child.exitCode === null && child.kill('SIGKILL')) await ended;
  };
  const stop = async () => {
    await halt();
    rmSync(folder, { recursive: true, force: true });
  };
  return { child, folder, halt, kill, stop };
}

const address = /(http:\/\/\S+?)\/?\n/;

/**
 * The last day of the demonstration, or the whole week; a running one may be named by OTKLIK_URL
 * and OTKLIK_PASSWORD.
 */
export async function demo(days = 1) {
  if (process.env.OTKLIK_URL) {
    return {
      url: process.env.OTKLIK_URL.replace(/\/$/, ''),
      password: process.env.OTKLIK_PASSWORD ?? '',
      stop: async () => undefined,
    };
  }
  const { child, stop } = start(['demo', '--days', String(days)]);
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
    const { hit, said } = await heard(child, /First run[^\n]*: (\S+)\n/, 60_000);
    return { url: address.exec(said)[1], code: hit[1], stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Like empty(), over https with a certificate of its own for `name` and this computer. */
export async function secure(name) {
  const words = ['serve', '--tls', 'auto', '--listen', '127.0.0.1', '--tls-name', name];
  const { child, folder, stop } = start(words);
  try {
    const { said } = await heard(child, /SHA-256 \S+\n/, 20_000);
    return {
      url: `https://localhost:${/https:\/\/\S+:(\d+)\//.exec(said)[1]}`,
      code: /First run[^\n]*: (\S+)\n/.exec(said)[1],
      authority: `${folder}/keys/tls/authority.crt`,
      said,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** A free port; somebody else may take it meanwhile, which then fails loudly. */
const free_port = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

/** Where the built screens lie. */
export const built = () => process.env.OTKLIK_WEB ?? resolve(here, '../dist');

/** Like empty(), on one port and folder, so that it can be away for a while: halt(), resume(). */
export async function lasting(web, more = []) {
  const port = await free_port();
  let now = start(['serve', ...more], port, web);
  const folder = now.folder;
  const { hit, said } = await heard(now.child, /First run[^\n]*: (\S+)\n/, 60_000);
  return {
    url: address.exec(said)[1],
    code: hit[1],
    port,
    halt: () => now.halt(),
    kill: () => now.kill(),
    resume: async () => {
      now = start(['serve', ...more], port, web, folder);
      await heard(now.child, address, 60_000);
    },
    stop: () => now.stop(),
  };
}
