// Files of recorders on their way: the official tus client through a broken line and a killed
// server, then a person in the desk with a day's folder.
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import * as tus from 'tus-js-client';
import { close_browser, open_browser, sign_in, until, with_page } from './browser.mjs';
import { lasting } from './server.mjs';
import { open_shop, password } from './shop.mjs';
import { wav_of } from './sound.mjs';

/** Quiet noise, the same for a seed. */
function noise(seconds, seed, rate = 16_000) {
  let state = seed;
  return wav_of(seconds * rate, rate, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
    return state >> 20;
  });
}
const sha256 = (bytes) => createHash('sha256').update(bytes).digest('hex');

/** A line to the server that breaks each time `breaks` more bytes went up. */
async function line_to(port, breaks) {
  let sent = 0;
  let next = 0;
  const line = createServer((client) => {
    const server = connect(port, '127.0.0.1');
    const end = () => {
      client.destroy();
      server.destroy();
    };
    client.on('error', end).on('close', end);
    server.on('error', end).on('close', end);
    server.pipe(client);
    client.on('data', (bytes) => {
      sent += bytes.length;
      if (next < breaks.length && sent > breaks[next]) {
        next += 1;
        return end();
      }
      server.write(bytes);
    });
  });
  await new Promise((done) => line.listen(0, '127.0.0.1', done));
  return { port: line.address().port, broken: () => next, close: () => line.close() };
}

let server, shop, recorder;
before(async () => {
  await open_browser();
  server = await lasting();
  shop = await open_shop(server);
  recorder = await shop.boss.post('/recorders', {
    name: 'Диктофон',
    point_id: shop.point.id,
    begin_at: '2026-01-01T00:00:00Z',
  });
});
after(async () => {
  await close_browser();
  await server?.stop();
});

const heads = () => ({ Cookie: shop.boss.cookie, 'X-CSRF-Token': shop.boss.csrf });
const upload_of = (url) => shop.boss.get(`/uploads/${url.split('/').at(-1)}`);
async function settled(url) {
  let upload;
  await until(
    async () => !['open', 'whole'].includes((upload = await upload_of(url)).state),
    'the server did not read it',
    180_000,
  );
  return upload;
}
const options = (port, name, more) => ({
  endpoint: `http://127.0.0.1:${port}/api/v1/uploads`,
  headers: heads(),
  metadata: { recorder: recorder.id, filename: name },
  retryDelays: Array.from({ length: 60 }, () => 250),
  storeFingerprintForResuming: false,
  ...more,
});
/** Runs an upload to its end. */
const sent = (bytes, opts) =>
  new Promise((done, fail) => {
    const upload = new tus.Upload(bytes, {
      ...opts,
      onError: fail,
      onSuccess: () => done(upload.url),
    });
    upload.start();
  });

describe('tus-js-client', { timeout: 900_000 }, () => {
  it('brings a file over a line that breaks, byte by byte the same', async () => {
    const bytes = noise(240, 1); // 7,7 MB in one request
    const line = await line_to(server.port, [1_500_000, 4_000_000, 7_000_000]);
    const told = [];
    const url = await sent(
      bytes,
      options(line.port, '20260301_080000.wav', {
        onShouldRetry: () => told.push('again') > 0,
      }),
    );
    assert.equal(line.broken(), 3);
    const upload = await settled(url);
    assert.equal(upload.state, 'done', upload.reason_text);
    const recording = await shop.boss.get(`/recordings/${upload.recording_id}`);
    assert.equal(recording.sha256, sha256(bytes));
    line.close();
  });

  it('goes on after the server was killed, and after the client was', async () => {
    const bytes = noise(210, 2);
    let url = '';
    // The client goes away in the middle, as a closed browser does.
    await new Promise((done, fail) => {
      const upload = new tus.Upload(
        bytes,
        options(server.port, '20260302_080000.wav', {
          chunkSize: 1 << 20,
          onError: fail,
          onChunkComplete: (_, accepted) => {
            if (accepted < 3 << 20 || url) return;
            url = upload.url;
            void upload.abort().then(done);
          },
        }),
      );
      upload.start();
    });
    await server.kill();
    await server.resume();
    const head = await fetch(url, {
      method: 'HEAD',
      headers: { ...heads(), 'Tus-Resumable': '1.0.0' },
    });
    assert.ok(Number(head.headers.get('upload-offset')) >= 3 << 20, 'acknowledged bytes are kept');
    // Killed once more while another client goes on from there.
    let killed = false;
    await sent(
      bytes,
      options(server.port, '', {
        uploadUrl: url,
        chunkSize: 1 << 20,
        onChunkComplete: (_, accepted) => {
          if (accepted < 6 << 20 || killed) return;
          killed = true;
          void server.kill().then(() => server.resume());
        },
      }),
    );
    const upload = await settled(url);
    assert.ok(killed);
    const recording = await shop.boss.get(`/recordings/${upload.recording_id}`);
    assert.equal(recording.sha256, sha256(bytes));
  });
});

describe('a person and a day of files', { timeout: 900_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'otklik-day-'));
  const day = join(folder, 'день');
  after(() => rmSync(folder, { recursive: true, force: true }));
  const box_of = (page) => page.getByRole('region', { name: 'Загрузить записи' });
  const line_of = (page, name) => box_of(page).getByRole('listitem').filter({ hasText: name });
  async function open(page) {
    page.setDefaultTimeout(120_000); // the server reads minutes of sound meanwhile
    await sign_in(page, server.url, 'anna', password);
    await page.getByRole('navigation', { name: 'Разделы' }).waitFor();
    await page.goto(`${server.url}/points?upload=1`);
    await box_of(page).waitFor();
  }

  it('sends a folder, sees before what it serves, and is told the end of each', () =>
    with_page({}, async (page) => {
      mkdirSync(day);
      writeFileSync(join(day, '20260303_080000.wav'), noise(60, 3));
      writeFileSync(join(day, '20260303_090000.wav'), noise(30, 4));
      writeFileSync(join(day, 'DS_0001.wav'), noise(20, 5));
      writeFileSync(join(day, '20260303_100000.mp3'), '\x89PNG\r\n\x1a\n a picture', 'latin1');
      writeFileSync(join(day, '20260303_110000.ogg'), '');
      writeFileSync(join(day, 'notes.txt'), 'not sound');
      await open(page);
      await box_of(page).locator('input[data-folder]').setInputFiles(day);
      await box_of(page).getByText('не взят 1 файл').waitFor();
      const first = line_of(page, '20260303_080000.wav');
      await first.getByText('08:00–08:01').waitFor();
      await first.getByText('из имени файла').first().waitFor();
      await first.getByText('Нажатий, ждущих эту запись, нет').waitFor();
      await box_of(page).getByRole('button', { name: 'Загрузить: 5' }).click();
      await first.getByText('Принято').waitFor();
      await line_of(page, '20260303_090000.wav').getByText('Принято').waitFor();
      await line_of(page, '20260303_100000.mp3').getByText('начинается как PNG').waitFor();
      await line_of(page, '20260303_110000.ogg').getByText('нет звука').waitFor();
      const asks = line_of(page, 'DS_0001.wav');
      await asks.getByText('Неизвестно, когда началась запись').waitFor();
      await asks.getByLabel('День начала').fill('03.03.2026');
      await asks.getByLabel('Время начала').fill('12:00:00');
      await asks.getByText('12:00').first().waitFor();
      // A time that means nothing is not answered by the last one that did.
      await asks.getByLabel('Время начала').fill('12:0');
      await asks.getByRole('button', { name: 'Принять' }).click();
      await asks.getByText('Это не время').waitFor();
      await asks.getByLabel('Время начала').fill('12:00:00');
      await asks.getByRole('button', { name: 'Принять' }).click();
      await asks.getByText('Принято').waitFor();
      // The same one once more: nothing is stored, the earlier one is named.
      await box_of(page)
        .locator('input[type=file]:not([data-folder])')
        .setInputFiles(join(day, '20260303_090000.wav'));
      await box_of(page).getByRole('button', { name: 'Загрузить: 1' }).click();
      await box_of(page).getByRole('link', { name: 'Открыть прежнюю запись' }).waitFor();
    }));

  it('goes on after a killed server, on another page, in a new browser', async () => {
    const bytes = noise(560, 6); // three pieces
    const name = '20260304_080000.wav';
    const file = join(folder, name);
    writeFileSync(file, bytes);
    const choose = (page) =>
      box_of(page).locator('input[type=file]:not([data-folder])').setInputFiles(file);
    await with_page({}, async (page) => {
      await open(page);
      let pieces = 0;
      await page.route('**/api/v1/uploads/*', async (route) => {
        if (route.request().method() === 'PATCH' && ++pieces === 2) await server.kill();
        // After the second piece the browser is closed: nothing more gets through.
        if (route.request().method() === 'PATCH' && pieces > 3) return route.abort();
        return route.continue().catch(() => undefined);
      });
      await choose(page);
      await box_of(page).getByRole('button', { name: 'Загрузить: 1' }).click();
      await box_of(page).getByText('нет связи').waitFor();
      await page.getByRole('link', { name: 'Входящие' }).first().click();
      await server.resume();
      await page.getByText('Отправляется 1 запись').waitFor();
      await until(() => pieces > 3, 'it did not go on by itself');
    });
    await with_page({}, async (page) => {
      await open(page);
      const kept = page.getByRole('region', { name: 'Не отправлены до конца' });
      await kept.getByText(/На сервере \d+/).waitFor();
      await choose(page);
      await box_of(page).getByText('отправка пойдёт с этого места').first().waitFor();
      await box_of(page).getByRole('button', { name: 'Загрузить: 1' }).click();
      await box_of(page).getByText('Принято').waitFor();
    });
    const newest = (await shop.boss.get('/recordings?from=2026-03-04&to=2026-03-04')).items;
    assert.equal(newest.length, 1);
    assert.equal(newest[0].sha256, sha256(bytes));
  });
});
